#include "text/normalise.h"

#include "text/fold.h"
#include "text/romanise.h"

namespace sodality::text {

std::string Normalise(std::string_view value) {
  return StripMarks(Fold(value));
}

std::string Transliterate(std::string_view value) {
  return Romanise(Fold(value), Romanisation::kStandard);
}

void LoadTransliterators() {
  for (const std::string_view name :
       {"é", "д", "γ", "毛", "ل", "さ", "サ", "김", "द", "ש", "ส"}) {
    const std::string folded = Fold(name);
    (void)Romanise(folded, Romanisation::kStandard);
    (void)Romanise(folded, Romanisation::kEveryday);
  }
}

}  // namespace sodality::text
