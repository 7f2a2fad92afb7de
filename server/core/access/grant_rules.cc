#include "server/core/access/grant_rules.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/core/error.h"
#include "text/tags.h"
#include "text/utf8.h"

namespace sodality::core {
namespace {

constexpr std::chrono::hours kLongestGrant{24 * 366};
constexpr std::chrono::hours kFirstGrantLife{24 * 30};
constexpr size_t kMaxScopes = 64;
constexpr size_t kMaxScopeBytes = 256;

absl::Status Invalid(std::string_view message, std::string_view field) {
  return MakeError(
      absl::StatusCode::kInvalidArgument, message,
      {.reason = Reason::kInvalidValue, .field = std::string(field)});
}

absl::StatusOr<ScopeTerm> BuildScope(const Schema& schema,
                                     const std::string& field,
                                     const std::string& value) {
  const FieldSpec* spec = schema.Find(field);
  if (spec == nullptr || !spec->scope) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "a scope is over a field that may limit a grant",
                     {.reason = Reason::kUnknownField,
                      .hint = "region and committees are such fields",
                      .field = "scope"});
  }
  ScopeTerm term{spec->id, value, text::NormaliseTag(value)};
  if (value.size() > kMaxScopeBytes || !text::IsValidUtf8(value) ||
      text::HasControlCharacter(value) || term.normalised.empty()) {
    return Invalid("a scope's value is a short text", "scope");
  }
  return term;
}

absl::Status CheckPurpose(std::string_view purpose) {
  if (purpose.size() < 3 || purpose.size() > 500 ||
      !text::IsValidUtf8(purpose) || text::HasControlCharacter(purpose)) {
    return Invalid("a purpose is 3 to 500 bytes of text", "purpose");
  }
  return absl::OkStatus();
}

absl::Status CheckEnd(Timestamp not_after, Timestamp now) {
  if (not_after <= now) return Invalid("a grant ends in the future", "until");
  if (not_after > now + kLongestGrant) {
    return Invalid("a grant ends within 366 days", "until");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Grant> BuildGrant(const GrantInput& input, const Schema& schema,
                                 Timestamp now) {
  if (!MayRead(input.role)) {
    return Invalid("a grant is for the role admin or coordinator", "role");
  }
  if (input.classes.empty()) {
    return Invalid("a grant names at least one field class", "class");
  }
  if (input.scopes.size() > kMaxScopes) {
    return Invalid("a grant has at most 64 scopes", "scope");
  }
  if (auto s = CheckPurpose(input.purpose); !s.ok()) return s;
  if (auto s = CheckEnd(input.not_after, now); !s.ok()) return s;
  Grant grant;
  grant.role = input.role;
  for (const auto& [field, value] : input.scopes) {
    auto term = BuildScope(schema, field, value);
    if (!term.ok()) return term.status();
    grant.scopes.push_back(*std::move(term));
  }
  grant.classes = input.classes;
  std::sort(grant.classes.begin(), grant.classes.end());
  grant.classes.erase(std::unique(grant.classes.begin(), grant.classes.end()),
                      grant.classes.end());
  grant.purpose = input.purpose;
  grant.created = now;
  grant.not_after = input.not_after;
  grant.budget = input.budget;
  return grant;
}

Grant FirstGrant(const PrincipalId& admin, Timestamp now) {
  Grant grant;
  grant.principal = admin;
  grant.role = Role::kAdmin;
  grant.classes = {FieldClass::kBasic, FieldClass::kContact,
                   FieldClass::kSensitive};
  grant.purpose = "set-up";
  grant.created = now;
  grant.not_after = now + kFirstGrantLife;
  grant.granted_by = admin;
  return grant;
}

void AddGrantInput(KeyedDigest& digest, const GrantInput& input) {
  digest.AddText(input.principal).AddNumber(static_cast<uint8_t>(input.role));
  digest.AddNumber(input.scopes.size());
  for (const auto& [field, value] : input.scopes) {
    digest.AddText(field).AddText(value);
  }
  digest.AddNumber(input.classes.size());
  for (const FieldClass c : input.classes) {
    digest.AddNumber(static_cast<uint8_t>(c));
  }
  digest.AddText(input.purpose);
  digest.AddNumber(static_cast<uint64_t>(input.not_after.millis));
  digest.AddNumber(input.budget.per_hour).AddNumber(input.budget.per_day);
  digest.AddNumber(input.budget.in_all);
}

}  // namespace sodality::core
