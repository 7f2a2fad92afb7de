#include "client/cli/fields.h"

#include <algorithm>
#include <utility>

#include "client/cli/values.h"
#include "client/include/sodality/error_info.h"
#include "text/tags.h"

namespace sodality::cli {
namespace {

std::vector<std::string> ValuesOf(const Filter& given, bool is_list) {
  if (is_list) return text::SplitList(given.value);
  if (given.value.empty()) return {};
  return {given.value};
}

}  // namespace

absl::StatusOr<std::vector<Field>> ParseFields(
    std::span<const std::string> assignments,
    const roster::FieldCatalogue& catalogue) {
  const auto given = ParseAssignments(assignments);
  if (!given.ok()) return given.status();
  std::vector<Field> fields;
  for (const Filter& one : *given) {
    const bool is_list = catalogue.IsList(one.field);
    auto values = ValuesOf(one, is_list);
    const auto known =
        std::find_if(fields.begin(), fields.end(),
                     [&](const Field& f) { return f.name == one.field; });
    if (known == fields.end()) {
      fields.push_back({one.field, std::move(values)});
    } else if (is_list) {
      for (std::string& value : values) {
        known->values.push_back(std::move(value));
      }
    } else {
      return MakeError(absl::StatusCode::kInvalidArgument,
                       one.field + " is given twice but holds one value",
                       {.reason = "INVALID_VALUE", .field = one.field});
    }
  }
  return fields;
}

}  // namespace sodality::cli
