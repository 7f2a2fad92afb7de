#include "server/core/access/revoker.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "platform/mutex.h"
#include "server/core/access/change_rules.h"
#include "server/core/error.h"

namespace sodality::core {
namespace {

using platform::MutexLock;

absl::Status LastAdmin() {
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   "this would leave no admin who can connect",
                   {.reason = Reason::kLastAdmin,
                    .hint = "enrol another admin first: sodality invite NAME "
                            "--role admin --out FILE"});
}

absl::Status NoSuch(std::string_view what) {
  return MakeError(absl::StatusCode::kNotFound,
                   absl::StrCat("there is no such ", std::string(what)),
                   {.reason = Reason::kNotFound, .field = std::string(what)});
}

}  // namespace

absl::Status Revoker::ApplyOnce(const Caller& caller, const RequestId& request,
                                AccessChange change) const {
  KeyedDigest content = parts_.requests.Digest(ActionName(change.entry.action));
  content.Add(change.entry.subject);
  const Act act{caller.principal, request, content.Finish()};
  auto before = parts_.requests.Find(parts_.base.store, act);
  if (!before.ok()) return before.status();
  if (before->has_value()) return absl::OkStatus();
  auto remembered = parts_.requests.Make(act, crypto::SecretBytes());
  if (!remembered.ok()) return remembered.status();
  change.request = *std::move(remembered);
  return writer_.Apply(std::move(change));
}

absl::Status Revoker::RevokeGrant(const Caller& caller, const GrantId& id,
                                  const RequestId& request) const {
  MutexLock lock(parts_.base.access.changes());
  if (auto s = CheckStillLive(parts_.base, caller); !s.ok()) return s;
  const auto grant = parts_.base.access.FindGrant(id);
  const bool own = grant != nullptr && grant->principal == caller.principal;
  if (!own) {
    if (auto s = RequireAdmin(caller); !s.ok()) return s;
  }
  if (grant == nullptr) return NoSuch("grant");
  Grant revoked = *grant;
  revoked.revoked = true;
  AccessChange change;
  change.facts.emplace_back(std::move(revoked));
  change.entry = EntryFor(caller, Action::kRevokeGrant, id.bytes);
  return ApplyOnce(caller, request, std::move(change));
}

absl::Status Revoker::RevokeDevice(const Caller& caller, const DeviceId& id,
                                   const RequestId& request) const {
  MutexLock lock(parts_.base.access.changes());
  if (auto s = CheckStillLive(parts_.base, caller); !s.ok()) return s;
  const auto device = parts_.base.access.FindDevice(id);
  const bool own = device != nullptr && device->principal == caller.principal;
  if (!own) {
    if (auto s = RequireAdmin(caller); !s.ok()) return s;
  }
  if (device == nullptr) return NoSuch("device");
  if (!parts_.base.access.HasAdminWithout(id, PrincipalId{}, Now())) {
    return LastAdmin();
  }
  Device revoked = *device;
  revoked.revoked = true;
  AccessChange change;
  change.facts.emplace_back(std::move(revoked));
  change.entry = EntryFor(caller, Action::kRevokeDevice, id.bytes);
  return ApplyOnce(caller, request, std::move(change));
}

absl::Status Revoker::SuspendPrincipal(const Caller& caller,
                                       std::string_view who, bool lift,
                                       const RequestId& request) const {
  if (auto s = RequireAdmin(caller); !s.ok()) return s;
  MutexLock lock(parts_.base.access.changes());
  if (auto s = CheckStillLive(parts_.base, caller); !s.ok()) return s;
  auto found = parts_.base.access.ResolvePrincipal(who);
  if (!found.ok()) return found.status();
  Principal principal = **found;
  if (!lift &&
      !parts_.base.access.HasAdminWithout(DeviceId{}, principal.id, Now())) {
    return LastAdmin();
  }
  principal.suspended = !lift;
  AccessChange change;
  change.entry = EntryFor(
      caller, lift ? Action::kLiftSuspension : Action::kSuspendPrincipal,
      principal.id.bytes);
  change.facts.emplace_back(std::move(principal));
  return ApplyOnce(caller, request, std::move(change));
}

}  // namespace sodality::core
