#include "server/core/access/types.h"

#include <iterator>
#include <span>
#include <utility>

#include "absl/status/status.h"

namespace sodality::core {
namespace {

template <class E>
struct Named {
  E value;
  std::string_view name;
};

constexpr Named<Role> kRoles[] = {{Role::kAdmin, "admin"},
                                  {Role::kCoordinator, "coordinator"},
                                  {Role::kMember, "member"},
                                  {Role::kSource, "source"},
                                  {Role::kAuditor, "auditor"}};
constexpr Named<FieldClass> kClasses[] = {
    {FieldClass::kBasic, "basic"},
    {FieldClass::kContact, "contact"},
    {FieldClass::kSensitive, "sensitive"}};

template <class E>
std::string_view NameIn(std::span<const Named<E>> names, E value) {
  for (const Named<E>& n : names) {
    if (n.value == value) return n.name;
  }
  return "unknown";
}

}  // namespace

std::string_view RoleName(Role role) { return NameIn<Role>(kRoles, role); }

absl::StatusOr<Role> ParseRole(std::string_view name) {
  for (const auto& n : kRoles) {
    if (n.name == name) return n.value;
  }
  return absl::InvalidArgumentError(
      "no such role; there are admin, coordinator, member, source, auditor");
}

std::string_view FieldClassName(FieldClass field_class) {
  return NameIn<FieldClass>(kClasses, field_class);
}

absl::StatusOr<FieldClass> ParseFieldClass(std::string_view name) {
  for (const auto& n : kClasses) {
    if (n.name == name) return n.value;
  }
  return absl::InvalidArgumentError(
      "no such field class; there are basic, contact, sensitive");
}

}  // namespace sodality::core
