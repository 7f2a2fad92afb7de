#include "server/core/access/access_table.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/core/error.h"
#include "text/base32.h"

namespace sodality::core {
namespace {

using platform::MutexLock;

absl::Status NotEnrolled() {
  return MakeError(
      absl::StatusCode::kUnauthenticated,
      "this certificate is not enrolled here",
      {.reason = Reason::kNotEnrolled,
       .hint = "ask an admin for an invite and run sodality join"});
}

absl::Status Revoked() {
  return MakeError(absl::StatusCode::kUnauthenticated,
                   "this device has been revoked",
                   {.reason = Reason::kDeviceRevoked,
                    .hint = "ask an admin for a new invite"});
}

absl::Status Suspended() {
  return MakeError(
      absl::StatusCode::kUnauthenticated, "your access has been suspended",
      {.reason = Reason::kPrincipalSuspended, .hint = "talk to an admin"});
}

absl::Status CertificateExpired() {
  return MakeError(absl::StatusCode::kUnauthenticated,
                   "this device's certificate has expired",
                   {.reason = Reason::kCertificateExpired,
                    .hint = "ask an admin for a new invite"});
}

absl::Status NoGrant(std::string_view message = "you hold no such grant") {
  return MakeError(absl::StatusCode::kPermissionDenied, message,
                   {.reason = Reason::kNoGrant,
                    .hint = "sodality status lists your grants; an admin can "
                            "give you one"});
}

// What somebody may do whose role never holds one.
absl::Status NoneForRole(Role role) {
  std::string hint;
  if (role == Role::kMember) hint = "your own record: sodality me";
  if (role == Role::kSource) hint = "a source pushes rosters: it reads nobody";
  if (role == Role::kAuditor) {
    hint = "an auditor reads the ledger, and nobody's record: sodality ledger";
  }
  if (hint.empty()) return NoGrant("you hold no grant");
  return MakeError(absl::StatusCode::kPermissionDenied, "you hold no grant",
                   {.reason = Reason::kNoGrant, .hint = std::move(hint)});
}

absl::Status GrantEnded() {
  return MakeError(
      absl::StatusCode::kPermissionDenied, "this grant has ended",
      {.reason = Reason::kGrantEnded, .hint = "ask an admin for a new one"});
}

bool InForce(const Grant& grant, Timestamp now) {
  return !grant.revoked && now < grant.not_after;
}

template <class Map>
auto Values(const Map& map) {
  std::vector<typename Map::mapped_type> out;
  out.reserve(map.size());
  for (const auto& [id, value] : map) out.push_back(value);
  return out;
}

template <class Map, class Key>
typename Map::mapped_type Lookup(const Map& map, const Key& key) {
  const auto it = map.find(key);
  return it == map.end() ? nullptr : it->second;
}

absl::Status SeveralGrants(
    const std::vector<std::shared_ptr<const Grant>>& grants) {
  const std::string list =
      absl::StrJoin(grants, "; ", [](std::string* out, const auto& grant) {
        absl::StrAppend(out, text::EncodeBase32(grant->id.bytes), " (",
                        grant->purpose, ")");
      });
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   "you hold several grants in force: say which",
                   {.reason = Reason::kSeveralGrants,
                    .hint = absl::StrCat("add --grant ID: ", list)});
}

}  // namespace

absl::StatusOr<Caller> AccessTable::Identify(const Fingerprint& certificate,
                                             Timestamp now) const {
  MutexLock lock(mutex_);
  const auto known = device_certificates_.find(certificate);
  if (known == device_certificates_.end()) return NotEnrolled();
  const auto device = Lookup(devices_, known->second);
  if (device == nullptr) return NotEnrolled();
  if (device->revoked) return Revoked();
  const auto held =
      std::find_if(device->certificates.begin(), device->certificates.end(),
                   [&](const auto& c) { return c.fingerprint == certificate; });
  if (held == device->certificates.end()) return NotEnrolled();
  if (held->not_after < now) return CertificateExpired();
  const auto principal = Lookup(principals_, device->principal);
  if (principal == nullptr) return NotEnrolled();
  if (principal->suspended) return Suspended();
  return Caller{principal->id,   device->id,        principal->role,
                principal->name, principal->member, held->not_after};
}

absl::StatusOr<std::shared_ptr<const Invite>> AccessTable::FindInvite(
    const Fingerprint& certificate) const {
  MutexLock lock(mutex_);
  const auto known = invite_certificates_.find(certificate);
  if (known == invite_certificates_.end()) {
    return absl::NotFoundError("no invite has this certificate");
  }
  return invites_.at(known->second);
}

bool AccessTable::Admits(const Fingerprint& certificate, Timestamp now) const {
  if (Identify(certificate, now).ok()) return true;
  const auto invite = FindInvite(certificate);
  return invite.ok() && now < (*invite)->expires;
}

absl::StatusOr<std::shared_ptr<const Grant>> AccessTable::SelectGrant(
    const Caller& caller, const std::optional<GrantId>& id,
    Timestamp now) const {
  MutexLock lock(mutex_);
  if (id) {
    const auto grant = Lookup(grants_, *id);
    // Somebody else's grant answers like none, so that ids cannot be probed.
    if (grant == nullptr || grant->principal != caller.principal) {
      return NoGrant();
    }
    if (!InForce(*grant, now)) return GrantEnded();
    return grant;
  }
  std::vector<std::shared_ptr<const Grant>> live;
  bool ended = false;
  for (const auto& [grant_id, grant] : grants_) {
    if (grant->principal != caller.principal) continue;
    InForce(*grant, now) ? live.push_back(grant) : void(ended = true);
  }
  if (live.empty()) return ended ? GrantEnded() : NoneForRole(caller.role);
  if (live.size() == 1) return live.front();
  std::sort(live.begin(), live.end(), [](const auto& a, const auto& b) {
    return std::tie(a->not_after, a->id) < std::tie(b->not_after, b->id);
  });
  return SeveralGrants(live);
}

absl::Status AccessTable::CheckLive(const PrincipalId& principal,
                                    const DeviceId& device,
                                    Timestamp now) const {
  MutexLock lock(mutex_);
  const auto live = Lookup(devices_, device);
  if (live == nullptr || live->principal != principal) return NotEnrolled();
  if (live->revoked) return Revoked();
  const bool any_certificate =
      std::any_of(live->certificates.begin(), live->certificates.end(),
                  [&](const auto& c) { return now <= c.not_after; });
  if (!any_certificate) return CertificateExpired();
  const auto who = Lookup(principals_, principal);
  if (who == nullptr) return NotEnrolled();
  return who->suspended ? Suspended() : absl::OkStatus();
}

absl::StatusOr<Budget> AccessTable::CheckRelease(
    const PrincipalId& principal, const DeviceId& device,
    const std::optional<GrantUse>& use, Timestamp now) const {
  if (auto live = CheckLive(principal, device, now); !live.ok()) return live;
  if (!use) return Budget{};
  MutexLock lock(mutex_);
  const auto grant = Lookup(grants_, use->id);
  if (grant == nullptr || grant->principal != principal) return NoGrant();
  if (grant->version != use->version || !InForce(*grant, now)) {
    return GrantEnded();
  }
  return grant->budget;
}

bool AccessTable::HasAdminWithout(const DeviceId& device,
                                  const PrincipalId& principal,
                                  Timestamp now) const {
  const auto all = devices();
  return std::any_of(all.begin(), all.end(), [&](const auto& one) {
    if (one->id == device || one->principal == principal) return false;
    const auto who = FindPrincipal(one->principal);
    return who != nullptr && who->role == Role::kAdmin &&
           CheckLive(who->id, one->id, now).ok();
  });
}

std::vector<std::shared_ptr<const Principal>> AccessTable::principals() const {
  MutexLock lock(mutex_);
  return Values(principals_);
}
std::vector<std::shared_ptr<const Device>> AccessTable::devices() const {
  MutexLock lock(mutex_);
  return Values(devices_);
}
std::vector<std::shared_ptr<const Grant>> AccessTable::grants() const {
  MutexLock lock(mutex_);
  return Values(grants_);
}

std::shared_ptr<const Principal> AccessTable::FindPrincipal(
    const PrincipalId& id) const {
  MutexLock lock(mutex_);
  return Lookup(principals_, id);
}
std::shared_ptr<const Device> AccessTable::FindDevice(
    const DeviceId& id) const {
  MutexLock lock(mutex_);
  return Lookup(devices_, id);
}
std::shared_ptr<const Grant> AccessTable::FindGrant(const GrantId& id) const {
  MutexLock lock(mutex_);
  return Lookup(grants_, id);
}

absl::StatusOr<std::shared_ptr<const Principal>> AccessTable::ResolvePrincipal(
    std::string_view id_or_name) const {
  if (const auto id = text::DecodeBase32(id_or_name); id.ok()) {
    if (auto found = FindPrincipal(PrincipalId{*id})) return found;
  }
  std::vector<std::shared_ptr<const Principal>> named;
  for (auto& principal : principals()) {
    if (principal->name == id_or_name) named.push_back(std::move(principal));
  }
  if (named.size() == 1) return named.front();
  return MakeError(absl::StatusCode::kNotFound,
                   named.empty() ? "no principal has this name or id"
                                 : "several principals have this name",
                   {.reason = Reason::kNotFound,
                    .hint = "sodality principal list shows names and ids",
                    .field = "principal"});
}

void AccessTable::Put(Principal principal) {
  MutexLock lock(mutex_);
  const PrincipalId id = principal.id;
  principals_[id] = std::make_shared<const Principal>(std::move(principal));
}

void AccessTable::Put(Device device) {
  MutexLock lock(mutex_);
  const DeviceId id = device.id;
  if (const auto old = Lookup(devices_, id)) {
    for (const auto& c : old->certificates) {
      device_certificates_.erase(c.fingerprint);
    }
  }
  for (const auto& c : device.certificates) {
    device_certificates_[c.fingerprint] = id;
  }
  devices_[id] = std::make_shared<const Device>(std::move(device));
}

void AccessTable::Put(Grant grant) {
  MutexLock lock(mutex_);
  const GrantId id = grant.id;
  grants_[id] = std::make_shared<const Grant>(std::move(grant));
}

void AccessTable::Put(Invite invite) {
  MutexLock lock(mutex_);
  const InviteId id = invite.id;
  invite_certificates_[invite.fingerprint] = id;
  invites_[id] = std::make_shared<const Invite>(std::move(invite));
}

}  // namespace sodality::core
