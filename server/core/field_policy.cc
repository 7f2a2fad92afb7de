#include "server/core/field_policy.h"

#include <algorithm>
#include <utility>

#include "server/core/error.h"

namespace sodality::core {
namespace {

unsigned BitOf(FieldClass field_class) {
  return 1u << static_cast<unsigned>(field_class);
}

bool Contains(const std::vector<const FieldSpec*>& fields,
              const FieldSpec* field) {
  return std::find(fields.begin(), fields.end(), field) != fields.end();
}

}  // namespace

FieldPolicy::FieldPolicy(const Schema& schema, const Grant& grant)
    : schema_(&schema) {
  for (const FieldClass field_class : grant.classes) {
    classes_ |= BitOf(field_class);
  }
}

FieldPolicy FieldPolicy::OwnRecord(const Schema& schema) {
  FieldPolicy policy(schema);
  policy.classes_ = ~0u;
  return policy;
}

bool FieldPolicy::MaySee(const FieldSpec& spec) const {
  return (classes_ & BitOf(spec.field_class)) != 0;
}

const FieldSpec* FieldPolicy::Find(std::string_view name) const {
  const FieldSpec* spec = schema_->Find(name);
  return spec != nullptr && MaySee(*spec) ? spec : nullptr;
}

std::vector<const FieldSpec*> FieldPolicy::OfType(FieldType type) const {
  std::vector<const FieldSpec*> fields;
  for (const FieldSpec& spec : schema_->fields()) {
    if (spec.type == type && MaySee(spec)) fields.push_back(&spec);
  }
  return fields;
}

absl::StatusOr<Projection> FieldPolicy::Plan(const View& view) const {
  std::vector<const FieldSpec*> named;
  named.reserve(view.fields.size());
  for (const std::string& name : view.fields) {
    const FieldSpec* spec = Find(name);
    if (spec == nullptr) return UnknownField(name);
    named.push_back(spec);
  }
  Projection projection;
  projection.shown.reserve(schema_->fields().size());
  projection.hidden.reserve(schema_->fields().size());
  for (const FieldSpec& spec : schema_->fields()) {
    if (!MaySee(spec)) continue;
    const bool basic = spec.field_class == FieldClass::kBasic;
    const bool shown =
        view.fields.empty() ? view.reveal || basic : Contains(named, &spec);
    if (shown) {
      projection.shown.push_back(&spec);
    } else if (!basic) {
      projection.hidden.push_back(&spec);
    }
  }
  return projection;
}

absl::StatusOr<Reveal> FieldPolicy::Project(const Projection& projection,
                                            OpenedMember& member) const {
  Reveal reveal;
  reveal.member.id = member.id();
  reveal.member.revision = member.revision();
  reveal.member.hidden = projection.hidden;
  reveal.member.fields.reserve(projection.shown.size());
  std::vector<uint16_t> fields;
  fields.reserve(projection.shown.size());
  for (const FieldSpec* spec : projection.shown) {
    if (!MaySee(*spec)) continue;
    auto values = member.Take(spec->id);
    if (!values.ok()) return values.status();
    if (values->empty()) continue;
    fields.push_back(spec->id);
    reveal.member.fields.push_back({spec, *std::move(values)});
  }
  const auto key = member.LedgerKey();
  if (!key.ok()) return key.status();
  reveal.part = MakeMemberPart(member.id(), *key, fields);
  return reveal;
}

}  // namespace sodality::core
