// Given and family names by script, made up by combining common ones.
#ifndef SODALITY_SAMPLES_NAMES_H_
#define SODALITY_SAMPLES_NAMES_H_

#include <span>
#include <string_view>

namespace sodality::samples {

struct NameList {
  std::string_view language;
  std::span<const std::string_view> given;
  std::span<const std::string_view> family;
};

// At least ten lists, in eleven scripts.
std::span<const NameList> NameLists();

}  // namespace sodality::samples

#endif  // SODALITY_SAMPLES_NAMES_H_
