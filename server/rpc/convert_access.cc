#include "server/rpc/convert.h"

namespace sodality::rpc {
namespace {

using platform::FormatTimestamp;

constexpr size_t kMaxPrincipalBytes = 128;
constexpr int64_t kMaxTtlSeconds = 7 * 24 * 3600;
constexpr int kMaxScopes = 64;
constexpr int kMaxClasses = 3;

// What the core's parser says, with a reason and the argument's name.
absl::Status InvalidAt(std::string_view field, const absl::Status& status) {
  return InvalidValue(field, std::string(status.message()));
}

core::Budget ParseBudget(const v1::Budget& budget) {
  return {.per_hour = budget.per_hour(),
          .per_day = budget.per_day(),
          .in_all = budget.in_all()};
}

void FillBudget(const core::Budget& budget, v1::Budget& out) {
  out.set_per_hour(budget.per_hour);
  out.set_per_day(budget.per_day);
  out.set_in_all(budget.in_all);
}

// What is left of a part that has a limit; 0 where there is none.
void FillLeft(const core::Budget& limits, const core::BudgetLeft& left,
              v1::Budget& out) {
  if (limits.per_hour != 0) out.set_per_hour(left.per_hour);
  if (limits.per_day != 0) out.set_per_day(left.per_day);
  if (limits.in_all != 0) out.set_in_all(left.in_all);
}

std::string_view StateOf(const core::Grant& grant, platform::Timestamp now) {
  if (grant.revoked) return "revoked";
  return now < grant.not_after ? "active" : "ended";
}

std::string NameOf(const core::AccessTable& access,
                   const core::PrincipalId& id) {
  const auto principal = access.FindPrincipal(id);
  return principal == nullptr ? std::string() : principal->name;
}

}  // namespace

absl::StatusOr<core::InviteInput> ParseInvite(
    const v1::CreateInviteRequest& request) {
  if (request.name().empty() || request.name().size() > kMaxPrincipalBytes) {
    return InvalidValue("name", "must have 1 to 128 bytes");
  }
  const auto role = core::ParseRole(request.role());
  if (!role.ok()) return InvalidAt("role", role.status());
  if (request.ttl_seconds() < 0 || request.ttl_seconds() > kMaxTtlSeconds) {
    return InvalidValue("ttl_seconds", "must be 0 to 604800");
  }
  const auto id = ParseRequestId(request.request_id());
  if (!id.ok()) return id.status();
  core::InviteInput input{.name = request.name(),
                          .role = *role,
                          .ttl = std::chrono::seconds(request.ttl_seconds()),
                          .member = {},
                          .request = *id};
  if (!request.member_id().empty()) {
    const auto member =
        ParseId<core::MemberId>(request.member_id(), "member_id");
    if (!member.ok()) return member.status();
    input.member = *member;
  }
  return input;
}

absl::StatusOr<core::GrantInput> ParseGrantInput(
    const v1::CreateGrantRequest& request) {
  if (request.principal().size() > kMaxPrincipalBytes) {
    return InvalidValue("principal", "too long");
  }
  if (request.scopes_size() > kMaxScopes) {
    return InvalidValue("scopes", "too many");
  }
  if (request.classes_size() > kMaxClasses) {
    return InvalidValue("classes", "too many");
  }
  const auto role = core::ParseRole(request.role());
  if (!role.ok()) return InvalidAt("role", role.status());
  const auto end = platform::ParseTimestamp(request.not_after());
  if (!end.ok()) return InvalidValue("not_after", "not an RFC 3339 time");
  const auto id = ParseRequestId(request.request_id());
  if (!id.ok()) return id.status();
  core::GrantInput input{.principal = request.principal(),
                         .role = *role,
                         .scopes = {},
                         .classes = {},
                         .purpose = request.purpose(),
                         .not_after = *end,
                         .budget = ParseBudget(request.budget()),
                         .request = *id};
  for (const v1::Scope& scope : request.scopes()) {
    input.scopes.emplace_back(scope.field(), scope.value());
  }
  for (const std::string& name : request.classes()) {
    const auto field_class = core::ParseFieldClass(name);
    if (!field_class.ok()) {
      return InvalidAt("classes", field_class.status());
    }
    input.classes.push_back(*field_class);
  }
  return input;
}

void FillPrincipal(const core::Principal& principal, v1::Principal& out) {
  out.set_id(FormatId(principal.id.bytes));
  out.set_name(principal.name);
  out.set_role(std::string(core::RoleName(principal.role)));
  out.set_suspended(principal.suspended);
}

void FillDevice(const core::Device& device, const core::AccessTable& access,
                v1::Device& out) {
  out.set_id(FormatId(device.id.bytes));
  out.set_principal_id(FormatId(device.principal.bytes));
  out.set_principal_name(NameOf(access, device.principal));
  out.set_enrolled(FormatTimestamp(device.enrolled));
  if (!device.certificates.empty()) {
    out.set_expires(FormatTimestamp(device.certificates.back().not_after));
  }
  out.set_revoked(device.revoked);
}

void FillGrant(const GrantFacts& facts, core::Chapter& chapter,
               v1::Grant& out) {
  const core::Grant& grant = facts.grant;
  out.set_id(FormatId(grant.id.bytes));
  out.set_principal_id(FormatId(grant.principal.bytes));
  out.set_principal_name(NameOf(chapter.access(), grant.principal));
  out.set_role(std::string(core::RoleName(grant.role)));
  for (const core::ScopeTerm& term : grant.scopes) {
    v1::Scope& scope = *out.add_scopes();
    const core::FieldSpec* spec = chapter.schema().Find(term.field);
    if (spec != nullptr) scope.set_field(spec->name);
    scope.set_value(term.value);
  }
  for (const core::FieldClass field_class : grant.classes) {
    out.add_classes(std::string(core::FieldClassName(field_class)));
  }
  out.set_purpose(grant.purpose);
  out.set_not_after(FormatTimestamp(grant.not_after));
  FillBudget(grant.budget, *out.mutable_budget());
  FillLeft(grant.budget, facts.left, *out.mutable_left());
  out.set_state(std::string(StateOf(grant, facts.now)));
}

void FillSchemaField(const core::FieldSpec& spec, v1::SchemaField& out) {
  out.set_name(spec.name);
  out.set_field_class(std::string(core::FieldClassName(spec.field_class)));
  out.set_type(std::string(core::FieldTypeName(spec.type)));
  out.set_is_list(spec.is_list);
  out.set_filterable(spec.indexed);
  out.set_self_edit(spec.self_edit);
}

}  // namespace sodality::rpc
