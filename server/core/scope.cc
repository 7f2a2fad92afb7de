#include "server/core/scope.h"

#include "text/tags.h"

namespace sodality::core {
namespace {

[[nodiscard]] bool Admits(const ScopeTerm& term, const ValueList* values) {
  if (values == nullptr) return false;
  bool admits = false;
  for (const std::string_view value : values->views()) {
    admits |= text::NormaliseTag(value) == term.normalised;
  }
  return admits;
}

}  // namespace

absl::StatusOr<bool> InScope(const Grant& grant, OpenedMember& member) {
  bool covered = grant.scopes.empty();
  for (const ScopeTerm& term : grant.scopes) {
    const auto values = member.Value(term.field);
    if (!values.ok()) return values.status();
    covered |= Admits(term, *values);
  }
  return covered;
}

bool InScope(const Grant& grant, const Member& member) {
  bool covered = grant.scopes.empty();
  for (const ScopeTerm& term : grant.scopes) {
    covered |= Admits(term, member.Find(term.field));
  }
  return covered;
}

}  // namespace sodality::core
