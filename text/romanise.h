// Text in Latin letters, by ICU's transliterators. Internal to text/.
// Thread safety: safe.
#ifndef SODALITY_TEXT_ROMANISE_H_
#define SODALITY_TEXT_ROMANISE_H_

#include <unicode/unistr.h>

#include <string>
#include <string_view>

namespace sodality::text {

enum class Romanisation {
  kStandard,  // Any-Latin: reversible, as libraries write it (Ševčenko)
  kEveryday,  // as people write their own names in English (Shevchenko)
};

// A folded value in Latin letters, normalised.
[[nodiscard]] std::string Romanise(std::string_view folded,
                                   Romanisation romanisation);

// False when both are the same.
[[nodiscard]] bool HasEverydaySpelling(std::string_view folded);

// Tokens computed without ICU's data would never match again, so a process that
// lacks it must not go on.
[[noreturn]] void DieWithoutIcuData();

// Replaces, in place, Latin letters and punctuation by their ASCII spelling.
void ApplyLatinAscii(icu::UnicodeString& text);

}  // namespace sodality::text

#endif  // SODALITY_TEXT_ROMANISE_H_
