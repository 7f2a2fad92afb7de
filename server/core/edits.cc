#include "server/core/edits.h"

#include <algorithm>
#include <utility>

#include "server/core/error.h"

namespace sodality::core {
namespace {

[[nodiscard]] bool Contains(const std::vector<std::string>& names,
                            const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

absl::StatusOr<FieldValue> EditReader::ReadOne(const FieldInput& input) const {
  const FieldSpec* spec = policy_.Find(input.name);
  if (spec == nullptr) return UnknownField(input.name);
  auto values = Canonicalise(*spec, input.values, country_);
  if (!values.ok()) return values.status();
  return FieldValue{spec->id, *std::move(values)};
}

absl::StatusOr<Edits> EditReader::Read(
    std::span<const FieldInput> fields) const {
  Edits edits;
  for (const FieldInput& input : fields) {
    auto value = ReadOne(input);
    if (!value.ok()) return value.status();
    if (Touches(edits, value->field)) {
      return InvalidValue(input.name, "given twice");
    }
    edits.push_back(*std::move(value));
  }
  return edits;
}

absl::StatusOr<Edits> EditReader::ReadMasked(const UpdateInput& input) const {
  if (input.mask.empty()) {
    return InvalidValue("update_mask", "names no field to write");
  }
  for (const FieldInput& field : input.fields) {
    if (policy_.Find(field.name) == nullptr) return UnknownField(field.name);
    if (!Contains(input.mask, field.name)) {
      return InvalidValue(field.name, "is not in the update mask");
    }
  }
  auto edits = Read(input.fields);
  if (!edits.ok()) return edits;
  for (const std::string& name : input.mask) {
    const FieldSpec* spec = policy_.Find(name);
    if (spec == nullptr) return UnknownField(name);
    if (!Touches(*edits, spec->id)) edits->push_back({spec->id, ValueList()});
  }
  return edits;
}

bool Touches(const Edits& edits, uint16_t field) {
  return std::any_of(
      edits.begin(), edits.end(),
      [field](const FieldValue& value) { return value.field == field; });
}

std::vector<uint16_t> FieldsOf(const Edits& edits) {
  std::vector<uint16_t> fields;
  for (const FieldValue& value : edits) fields.push_back(value.field);
  std::sort(fields.begin(), fields.end());
  return fields;
}

void Apply(const Edits& edits, Member& member) {
  for (const FieldValue& value : edits) {
    member.Set(value.field, value.values.Clone());
  }
}

}  // namespace sodality::core
