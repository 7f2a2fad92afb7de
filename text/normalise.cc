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

}  // namespace sodality::text
