// What may be stored and shown as text: validity, control characters, and the
// columns that a value takes on a terminal.
#ifndef SODALITY_TEXT_UTF8_H_
#define SODALITY_TEXT_UTF8_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace sodality::text {

enum class Lines { kOne, kMany };

// Well-formed UTF-8: no overlong form, no surrogate, nothing above U+10FFFF.
[[nodiscard]] bool IsValidUtf8(std::string_view bytes);

// Whether `value` holds a character that can disturb a terminal or a reader: a
// C0 or C1 control, DEL, a bidirectional override, embedding or isolate, or a
// line or paragraph separator. With Lines::kMany tab, LF and CR LF are fine.
[[nodiscard]] bool HasControlCharacter(std::string_view value,
                                       Lines lines = Lines::kOne);

// `value` with every such character, and every invalid byte, replaced by
// U+FFFD. What other people wrote goes to a terminal only through this.
[[nodiscard]] std::string Printable(std::string_view value,
                                    Lines lines = Lines::kOne);

// Unicode code points; an invalid byte counts as one.
[[nodiscard]] std::size_t CodePoints(std::string_view value);

// Terminal columns: 2 for wide East Asian characters and emoji, 0 for combining
// marks and joiners, otherwise 1. A sequence joined by U+200D counts once.
[[nodiscard]] std::size_t DisplayWidth(std::string_view value);

// `value` if it fits into `columns`; else as many whole characters as leave
// room for a final U+2026.
[[nodiscard]] std::string TruncateToWidth(std::string_view value,
                                          std::size_t columns);

}  // namespace sodality::text

#endif  // SODALITY_TEXT_UTF8_H_
