// Cuts folded text into words. Internal to text/; names.h is what others use.
#ifndef SODALITY_TEXT_WORD_SPLIT_H_
#define SODALITY_TEXT_WORD_SPLIT_H_

#include <string>
#include <string_view>
#include <vector>

namespace sodality::text {

// A run of letters, digits and their marks, or of dense characters.
struct WordPiece {
  std::string text;
  bool after_apostrophe = false;  // else it starts a word or follows a hyphen
};

// Pieces joined by apostrophes, hyphens or middle dots: O'Brien, Ocasio-Cortez.
using Compound = std::vector<WordPiece>;

// Everything else that is neither letter, digit nor picture separates, and so
// does a change between dense and other characters.
[[nodiscard]] std::vector<Compound> SplitWords(std::string_view folded);

// Whether some character is of a script written without spaces, or a picture.
[[nodiscard]] bool IsDense(std::string_view folded);

// Whether `folded` is Han or Hangul alone: one syllable a character.
[[nodiscard]] bool IsSyllabic(std::string_view folded);

// The code points of `value`, each as UTF-8.
[[nodiscard]] std::vector<std::string> SplitCodePoints(std::string_view value);

}  // namespace sodality::text

#endif  // SODALITY_TEXT_WORD_SPLIT_H_
