// Regions, committees, skills, languages: short labels compared exactly on
// their normalised form. A scope of a grant is such a comparison.
#ifndef SODALITY_TEXT_TAGS_H_
#define SODALITY_TEXT_TAGS_H_

#include <string>
#include <string_view>
#include <vector>

namespace sodality::text {

inline constexpr char kListSeparator = ';';

// What is compared and indexed: Normalise, with the punctuation that people
// vary (apostrophes, dashes, dots, slashes, `&` for "and") made even. Empty if
// nothing is left. Idempotent.
[[nodiscard]] std::string NormaliseTag(std::string_view value);

// Whether both name the same thing. Two empty tags are never the same.
[[nodiscard]] bool SameTag(std::string_view a, std::string_view b);

// The elements of a list as they are to be shown: trimmed, empty ones left out,
// and of several with the same normalised form only the first.
[[nodiscard]] std::vector<std::string> SplitList(
    std::string_view list, char separator = kListSeparator);

}  // namespace sodality::text

#endif  // SODALITY_TEXT_TAGS_H_
