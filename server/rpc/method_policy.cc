#include "server/rpc/method_policy.h"

#include <algorithm>
#include <array>

namespace sodality::rpc {
namespace {

using core::Role;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr RoleSet kEveryRole = {Role::kAdmin, Role::kCoordinator, Role::kMember,
                                Role::kSource, Role::kAuditor};
constexpr RoleSet kAdmin = {Role::kAdmin};
constexpr RoleSet kMember = {Role::kMember};
constexpr RoleSet kAdminOrSource = {Role::kAdmin, Role::kSource};
constexpr RoleSet kAdminOrAuditor = {Role::kAdmin, Role::kAuditor};
constexpr seconds kUnary = minutes(5);
constexpr seconds kStream = hours(1);

struct Traits {
  bool streams = false;
  bool writes = false;
  bool reveals = false;
};

constexpr MethodPolicy Device(std::string_view method, RoleSet roles,
                              Traits traits) {
  return {method,         CallerKind::kDevice,
          roles,          traits.streams ? kStream : kUnary,
          traits.streams, traits.writes,
          traits.reveals};
}

constexpr std::array kPolicies = {
    Device(method::kGetMember, kEveryRole, {.reveals = true}),
    Device(method::kSearchMembers, kEveryRole, {.reveals = true}),
    Device(method::kLookup, kEveryRole, {.streams = true, .reveals = true}),
    Device(method::kCreateMember, kEveryRole,
           {.writes = true, .reveals = true}),
    Device(method::kUpdateMember, kEveryRole, {.writes = true}),
    Device(method::kDeleteMember, kAdmin, {.writes = true}),
    Device(method::kGetSelf, kMember, {.reveals = true}),
    Device(method::kUpdateSelf, kMember, {.writes = true}),
    Device(method::kDeleteSelf, kMember, {.writes = true}),
    Device(method::kPushRoster, kAdminOrSource,
           {.streams = true, .writes = true}),
    MethodPolicy{method::kRedeem, CallerKind::kInvite, RoleSet(), kUnary,
                 /*streams=*/false, /*writes=*/true, /*reveals=*/true},
    Device(method::kRenew, kEveryRole, {.writes = true}),
    Device(method::kCreateInvite, kAdmin, {.writes = true, .reveals = true}),
    Device(method::kListPrincipals, kEveryRole, {.reveals = true}),
    Device(method::kSuspendPrincipal, kAdmin, {.writes = true}),
    Device(method::kListDevices, kEveryRole, {.reveals = true}),
    Device(method::kRevokeDevice, kEveryRole, {.writes = true}),
    Device(method::kCreateGrant, kAdmin, {.writes = true}),
    Device(method::kListGrants, kEveryRole, {.reveals = true}),
    Device(method::kRevokeGrant, kEveryRole, {.writes = true}),
    Device(method::kListKeys, kAdmin, {}),
    Device(method::kRotateKey, kAdmin, {.writes = true}),
    Device(method::kReencrypt, kAdmin, {.writes = true}),
    Device(method::kWatchRotation, kAdmin, {.streams = true}),
    Device(method::kRegisterApprovalKey, kAdmin, {.writes = true}),
    Device(method::kProposeAct, kAdmin, {.writes = true, .reveals = true}),
    Device(method::kListActs, kAdmin, {.reveals = true}),
    Device(method::kApproveAct, kAdmin, {.writes = true, .reveals = true}),
    Device(method::kRefuseAct, kAdmin, {.writes = true, .reveals = true}),
    Device(method::kCreateBackup, kAdmin, {.streams = true}),
    Device(method::kListEntries, kAdminOrAuditor, {.reveals = true}),
    Device(method::kListOwnEntries, kMember, {.reveals = true}),
    Device(method::kGetHead, kEveryRole, {}),
    Device(method::kStreamLeaves, kAdminOrAuditor, {.streams = true}),
    Device(method::kGetStatus, kEveryRole, {.reveals = true}),
    Device(method::kGetSchema, kEveryRole, {}),
    MethodPolicy{method::kHealthCheck, CallerKind::kAnyCertificate, RoleSet(),
                 kUnary},
    // Health watchers set no deadline; the connection's age ends the call.
    MethodPolicy{method::kHealthWatch, CallerKind::kAnyCertificate, RoleSet(),
                 seconds(0), /*streams=*/true},
};

}  // namespace

const MethodPolicy* FindPolicy(std::string_view method) {
  const auto row =
      std::find_if(kPolicies.begin(), kPolicies.end(),
                   [&](const MethodPolicy& p) { return p.method == method; });
  return row == kPolicies.end() ? nullptr : row;
}

std::span<const MethodPolicy> AllPolicies() { return kPolicies; }

}  // namespace sodality::rpc
