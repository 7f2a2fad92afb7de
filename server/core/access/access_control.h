// Changes of who may do what. Each is one durable transaction with its ledger
// entry, then the table in memory. Read next: access/enrollment.h.
#ifndef SODALITY_SERVER_CORE_ACCESS_ACCESS_CONTROL_H_
#define SODALITY_SERVER_CORE_ACCESS_ACCESS_CONTROL_H_

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "crypto/secret.h"
#include "server/core/access/types.h"
#include "server/core/directory.h"
#include "server/core/tombstones/tombstone.h"

namespace sodality::core {

struct InviteInput {
  std::string name;  // A new principal's, or name or id of one that exists.
  Role role = Role::kMember;
  std::chrono::seconds ttl{0};  // 0: a day; at most 7 days.
  std::optional<MemberId> member;
  RequestId request;
};
struct InviteOutput {
  InviteId id;
  PrincipalId principal;
  crypto::SecretBytes file;  // The invite file's content.
  Timestamp expires;
};

// After a backup was put back, before anybody is served.
struct RestoreInput {
  store::IdBytes backup{};
  // All that tombstones say, of the backup and of whatever else was found.
  Ended ended = {};
  // They say all that ended after the backup: what they do not name goes on.
  // Else every device, invite and grant ends.
  bool keep_access = false;
  // Who lets the others in; may be empty when access is kept.
  std::string admin = {};
};

struct RestoreOutput {
  std::optional<InviteOutput> invite;  // Of the admin.
  uint64_t erased = 0;                 // Members, again.
  uint64_t ended = 0;  // Devices, invites and grants that were good before.
};

struct GrantInput {
  std::string principal;  // Id, or a name that only one has.
  Role role = Role::kCoordinator;
  std::vector<std::pair<std::string, std::string>> scopes;  // Field, value.
  std::vector<FieldClass> classes;
  std::string purpose;  // 3 to 500 bytes.
  Timestamp not_after;  // In the future, at most 366 days ahead.
  Budget budget;
  RequestId request;
};

struct AccessParts;  // chapter.h: what access control is made of.

// Thread safety: safe; changes run one at a time. Errors of every call:
// PERMISSION_DENIED kRoleNotAllowed; NOT_FOUND kNotFound; INVALID_ARGUMENT
// kInvalidValue; UNAVAILABLE; RESOURCE_EXHAUSTED kDiskFull. A repeated request
// id with the same content gives the same answer; with another content:
// INVALID_ARGUMENT kRequestIdReused.
class AccessControl final {
 public:
  explicit AccessControl(const AccessParts& parts);
  ~AccessControl();

  absl::StatusOr<InviteOutput> CreateInvite(const Caller& caller,
                                            const InviteInput& input);
  // Not to the caller: PERMISSION_DENIED kOwnGrant.
  absl::StatusOr<GrantId> CreateGrant(const Caller& caller,
                                      const GrantInput& input);
  // Admin, or the grant's own principal.
  absl::Status RevokeGrant(const Caller& caller, const GrantId& grant,
                           const RequestId& request);
  // Admin, or the device's own principal.
  absl::Status RevokeDevice(const Caller& caller, const DeviceId& device,
                            const RequestId& request);
  absl::Status SuspendPrincipal(const Caller& caller,
                                std::string_view principal, bool lift,
                                const RequestId& request);

  // Set-up, under root custody and without a caller: the first admin, with the
  // grant of commands.md (scope all, every class, "set-up", 30 days).
  absl::StatusOr<InviteOutput> CreateFirstAdmin(std::string_view name);
  // Likewise, after a backup was put back: Restorer::Declare.
  absl::StatusOr<RestoreOutput> DeclareRestored(const RestoreInput& input);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_ACCESS_ACCESS_CONTROL_H_
