// Grants, devices and people.
#include <algorithm>
#include <utility>

#include "tests/model/directory_model.h"

namespace sodality::model {

using absl::StatusCode;

Verdict DirectoryModel::GiveGrant(const As& as, const Grant& grant,
                                  const GrantId& id) {
  if (people.at(as.who).role != Role::kAdmin) {
    return {StatusCode::kPermissionDenied, Reason::kRoleNotAllowed, {}};
  }
  if (grant.principal == as.who) {
    return {StatusCode::kPermissionDenied, Reason::kOwnGrant, {}};
  }
  const Role role = people.at(grant.principal).role;
  if (role != Role::kAdmin && role != Role::kCoordinator) {
    return {StatusCode::kInvalidArgument, Reason::kInvalidValue, {}};
  }
  if (grant.not_after <= as.now) {
    return {StatusCode::kInvalidArgument, Reason::kInvalidValue, {}};
  }
  grants[id] = grant;
  Record({Action::kCreateGrant, Outcome::kDone, as.who, {}, {}});
  return {};
}

Verdict DirectoryModel::RevokeGrant(const As& as, const GrantId& id) {
  const auto grant = grants.find(id);
  const bool own = grant != grants.end() && grant->second.principal == as.who;
  if (!own && people.at(as.who).role != Role::kAdmin) {
    return {StatusCode::kPermissionDenied, Reason::kRoleNotAllowed, {}};
  }
  if (grant == grants.end()) {
    return {StatusCode::kNotFound, Reason::kNotFound, {}};
  }
  grant->second.revoked = true;
  ++grant->second.version;
  Record({Action::kRevokeGrant, Outcome::kDone, as.who, {}, {}});
  return {};
}

bool DirectoryModel::LeavesAnAdmin(const PrincipalId& without) const {
  return std::any_of(people.begin(), people.end(), [&](const auto& one) {
    return one.first != without && one.second.role == Role::kAdmin &&
           Identify(one.first).ok();
  });
}

Verdict DirectoryModel::RevokeDevice(const As& as, const PrincipalId& of) {
  if (of != as.who && people.at(as.who).role != Role::kAdmin) {
    return {StatusCode::kPermissionDenied, Reason::kRoleNotAllowed, {}};
  }
  if (!LeavesAnAdmin(of)) {
    return {StatusCode::kFailedPrecondition, Reason::kLastAdmin, {}};
  }
  people.at(of).revoked = true;
  Record({Action::kRevokeDevice, Outcome::kDone, as.who, {}, {}});
  return {};
}

Verdict DirectoryModel::Suspend(const As& as, const PrincipalId& of,
                                bool lift) {
  if (people.at(as.who).role != Role::kAdmin) {
    return {StatusCode::kPermissionDenied, Reason::kRoleNotAllowed, {}};
  }
  if (!lift && !LeavesAnAdmin(of)) {
    return {StatusCode::kFailedPrecondition, Reason::kLastAdmin, {}};
  }
  people.at(of).suspended = !lift;
  Record({lift ? Action::kLiftSuspension : Action::kSuspendPrincipal,
          Outcome::kDone,
          as.who,
          {},
          {}});
  return {};
}

}  // namespace sodality::model
