// A look at TOML before toml++ gets to see it.
#ifndef SODALITY_TEXT_TOML_TEXT_H_
#define SODALITY_TEXT_TOML_TEXT_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace sodality::text {

// The first line, from 1, with a character beyond ASCII outside of quotes and
// comments, where TOML allows none. toml++ 3.3 has undefined behaviour there
// (a negative number made an enumerator). Strings of several lines, which our
// files do not need, count as outside. `toml` may be any bytes.
[[nodiscard]] std::optional<std::uint32_t> LineBeyondAscii(
    std::string_view toml);
// What is wrong in such a line.
inline constexpr std::string_view kBeyondAscii =
    "characters beyond ASCII have to stand in quotes";

}  // namespace sodality::text

#endif  // SODALITY_TEXT_TOML_TEXT_H_
