// The two halves of Normalise. Romanisation works on what the first leaves:
// it needs the marks that the second removes (й is not и).
#ifndef SODALITY_TEXT_FOLD_H_
#define SODALITY_TEXT_FOLD_H_

#include <string>
#include <string_view>

namespace sodality::text {

[[nodiscard]] bool IsAscii(std::string_view value);

// NFKC, full case folding; whitespace and controls become single spaces, none
// at either end. Idempotent.
[[nodiscard]] std::string Fold(std::string_view value);

// A folded value without the marks that its readers leave out, Latin letters
// as ASCII; folded again. Idempotent.
[[nodiscard]] std::string StripMarks(std::string_view folded);

}  // namespace sodality::text

#endif  // SODALITY_TEXT_FOLD_H_
