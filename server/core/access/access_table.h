// The access rows in memory, and every decision that rests on them. Read next:
// access/access_control.h, which changes them.
#ifndef SODALITY_SERVER_CORE_ACCESS_ACCESS_TABLE_H_
#define SODALITY_SERVER_CORE_ACCESS_ACCESS_TABLE_H_

#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/mutex.h"
#include "server/core/access/acts.h"
#include "server/core/access/types.h"
#include "server/core/incarnation.h"

namespace sodality::core {

// Thread safety: safe. Shared objects handed out are immutable; a change puts a
// new object in place, so that whoever holds an old one keeps a consistent view
// and its version tells that it is old.
class AccessTable final {
 public:
  // ---- Who is calling ------------------------------------------------------

  // The holder of a device certificate. UNAUTHENTICATED: kNotEnrolled,
  // kDeviceRevoked, kPrincipalSuspended, kCertificateExpired.
  absl::StatusOr<Caller> Identify(const Fingerprint& certificate,
                                  Timestamp now) const;
  // The invite that a certificate is of; also when it is used or expired (its
  // state says so). NOT_FOUND when it is none.
  absl::StatusOr<std::shared_ptr<const Invite>> FindInvite(
      const Fingerprint& certificate) const;
  // For the listener, before HTTP/2: known, unrevoked and not spent. An invite
  // that is used stays admitted until it expires, for the repeat of its answer.
  [[nodiscard]] bool Admits(const Fingerprint& certificate,
                            Timestamp now) const;

  // ---- What may they do ----------------------------------------------------

  // The grant `id`, or the only one in force when `id` is empty.
  // PERMISSION_DENIED: kNoGrant, kGrantEnded; FAILED_PRECONDITION:
  // kSeveralGrants (the hint lists id and purpose of each).
  absl::StatusOr<std::shared_ptr<const Grant>> SelectGrant(
      const Caller& caller, const std::optional<GrantId>& id,
      Timestamp now) const;
  // Again at the moment of release or write: device live; under a grant, the
  // same epoch and in force. No budget without a grant.
  absl::StatusOr<Budget> CheckRelease(const PrincipalId& principal,
                                      const DeviceId& device,
                                      const std::optional<GrantUse>& use,
                                      Timestamp now) const;
  // A caller acting without a grant (own record, admin act): still live?
  absl::Status CheckLive(const PrincipalId& principal, const DeviceId& device,
                         Timestamp now) const;

  // Whether an admin can still connect when `device`, or all of `principal`'s,
  // no longer may.
  [[nodiscard]] bool HasAdminWithout(const DeviceId& device,
                                     const PrincipalId& principal,
                                     Timestamp now) const;

  // ---- Lists ---------------------------------------------------------------

  std::vector<std::shared_ptr<const Principal>> principals() const;
  std::vector<std::shared_ptr<const Device>> devices() const;
  std::vector<std::shared_ptr<const Grant>> grants() const;
  std::shared_ptr<const Principal> FindPrincipal(const PrincipalId& id) const;
  // By id text or a name that exactly one has. NOT_FOUND otherwise.
  absl::StatusOr<std::shared_ptr<const Principal>> ResolvePrincipal(
      std::string_view id_or_name) const;
  std::shared_ptr<const Device> FindDevice(const DeviceId& id) const;
  std::shared_ptr<const Grant> FindGrant(const GrantId& id) const;

  // The one that nothing was restored from; id zero in a chapter that never
  // was.
  Incarnation incarnation() const { return lineage_.current(); }

  // Acts that need several people, and kept backups.
  const ActBook& book() const { return book_; }

  // ---- Changes -------------------------------------------------------------

  // Held by whoever changes rows, from reading them until the change stands
  // here: one change at a time, so that none of them loses to another. Taken
  // before any other mutex.
  platform::Mutex& changes() { return changes_; }
  // After a durable change:
  void Put(Principal principal);
  void Put(Device device);
  void Put(Grant grant);
  void Put(Invite invite);
  void Put(Incarnation incarnation) { lineage_.Put(std::move(incarnation)); }
  void Put(PendingAct act) { book_.Put(std::move(act)); }
  void Put(KeptBackup backup) { book_.Put(std::move(backup)); }
  void Erase(const BackupId& backup) { book_.Erase(backup); }

 private:
  platform::Mutex changes_;
  Lineage lineage_;
  ActBook book_;
  mutable platform::Mutex mutex_;
  absl::flat_hash_map<PrincipalId, std::shared_ptr<const Principal>> principals_
      SODALITY_GUARDED_BY(mutex_);
  absl::flat_hash_map<DeviceId, std::shared_ptr<const Device>> devices_
      SODALITY_GUARDED_BY(mutex_);
  absl::flat_hash_map<GrantId, std::shared_ptr<const Grant>> grants_
      SODALITY_GUARDED_BY(mutex_);
  absl::flat_hash_map<InviteId, std::shared_ptr<const Invite>> invites_
      SODALITY_GUARDED_BY(mutex_);
  absl::flat_hash_map<Fingerprint, DeviceId> device_certificates_
      SODALITY_GUARDED_BY(mutex_);
  absl::flat_hash_map<Fingerprint, InviteId> invite_certificates_
      SODALITY_GUARDED_BY(mutex_);
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_ACCESS_ACCESS_TABLE_H_
