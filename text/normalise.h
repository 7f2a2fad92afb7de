// One spelling for values that people consider equal. Tokens are computed over
// it and matches decided on it, so a change here needs a new version and new
// tokens. Read names.h next.
#ifndef SODALITY_TEXT_NORMALISE_H_
#define SODALITY_TEXT_NORMALISE_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace sodality::text {

// Part of the version of every blind index. Raise it with any change to what
// Normalise, Transliterate, IndexTerms, ParsePhone or ParseEmail return. ICU's
// and libphonenumber's own data are part of it too: see docs/adr/0005-text.md.
inline constexpr std::uint16_t kNormaliserVersion = 1;

// NFKC, full case folding, invisible characters removed, whitespace and
// controls collapsed to single spaces and trimmed. Marks are removed in the
// scripts whose readers leave them out (Latin, Greek, Cyrillic, Arabic,
// Hebrew), and Latin letters become ASCII where they have a usual spelling:
// Luján -> lujan, Groß -> gross, Øster -> oster, Łukasz -> lukasz.
//
// Idempotent. An invalid byte counts as U+FFFD, so refuse such input before
// (IsValidUtf8). Safe to call from any thread; pure ASCII takes a fast path.
[[nodiscard]] std::string Normalise(std::string_view value);

// Normalise(value) in Latin letters: Дмитрий -> dmitrij, 毛泽东 -> mao ze dong.
// What ICU cannot transliterate stays as it is. Safe to call from any thread.
[[nodiscard]] std::string Transliterate(std::string_view value);

// Loads what the first name of each script would otherwise wait for, some 100
// milliseconds in all. Safe to call from any thread, at any time.
void LoadTransliterators();

}  // namespace sodality::text

#endif  // SODALITY_TEXT_NORMALISE_H_
