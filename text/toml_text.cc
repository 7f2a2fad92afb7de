#include "text/toml_text.h"

namespace sodality::text {

std::optional<std::uint32_t> LineBeyondAscii(std::string_view toml) {
  std::uint32_t line = 1;
  char inside = '\0';  // the quote, or # in a comment
  for (std::size_t i = 0; i < toml.size(); ++i) {
    const char c = toml[i];
    const bool ascii = static_cast<unsigned char>(c) < 0x80;
    if (c == '\n') {
      ++line;
      inside = '\0';
    } else if (inside == '\0' && !ascii) {
      return line;
    } else if (inside == '\0' && (c == '"' || c == '\'' || c == '#')) {
      inside = c;
    } else if (inside == '"' && c == '\\') {
      i += i + 1 < toml.size() && toml[i + 1] != '\n' ? 1 : 0;
    } else if (c == inside && c != '#') {
      inside = '\0';
    }
  }
  return std::nullopt;
}

}  // namespace sodality::text
