// Text in manual pages.
#ifndef SODALITY_TEXT_ROFF_H_
#define SODALITY_TEXT_ROFF_H_

#include <string>
#include <string_view>

namespace sodality::text {

// `text` so that man(7) prints it as it stands: backslashes and hyphens, and
// dots and quotes that begin a line, are escaped. Safe to call from any thread.
[[nodiscard]] std::string Roff(std::string_view text);

}  // namespace sodality::text

#endif  // SODALITY_TEXT_ROFF_H_
