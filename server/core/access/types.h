// Who may do what: principals, their devices, grants and invites, as plain
// facts. Sealed as access rows by access/codec.h; decided on by
// access/access_table.h, which is the one thing to read next.
#ifndef SODALITY_SERVER_CORE_ACCESS_TYPES_H_
#define SODALITY_SERVER_CORE_ACCESS_TYPES_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "crypto/signing.h"
#include "platform/clock.h"
#include "server/store/ids.h"

namespace sodality::core {

using platform::Timestamp;
using store::ChapterId;
using store::DeviceId;
using store::GrantId;
using store::InviteId;
using store::MemberId;
using store::PrincipalId;

// SHA-256 of a whole certificate, DER.
using Fingerprint = std::array<uint8_t, 32>;

enum class Role : uint8_t {
  kAdmin = 1,
  kCoordinator = 2,
  kMember = 3,
  kSource = 4,
  kAuditor = 5,
};
std::string_view RoleName(Role role);
// Admins and coordinators may hold grants; nobody else reads members.
[[nodiscard]] constexpr bool MayRead(Role role) {
  return role == Role::kAdmin || role == Role::kCoordinator;
}
// INVALID_ARGUMENT naming the roles there are.
absl::StatusOr<Role> ParseRole(std::string_view name);

enum class FieldClass : uint8_t { kBasic = 1, kContact = 2, kSensitive = 3 };
std::string_view FieldClassName(FieldClass field_class);
absl::StatusOr<FieldClass> ParseFieldClass(std::string_view name);

struct Principal {
  PrincipalId id;
  uint64_t version = 0;
  std::string name;
  Role role = Role::kMember;
  bool suspended = false;
  std::optional<MemberId> member;  // Role member: whose record is theirs.
  Timestamp created;
};

struct DeviceCertificate {
  Fingerprint fingerprint{};
  Timestamp not_after;
};

struct Device {
  DeviceId id;
  uint64_t version = 0;
  PrincipalId principal;
  std::vector<DeviceCertificate> certificates;  // Newest last; at most 4.
  Timestamp enrolled;
  bool revoked = false;
  // What its approvals are verified by (approvals.h); none: never registered.
  std::optional<crypto::PublicKey> approval_key;
};

// A field of type tag and a value in its normalised form.
struct ScopeTerm {
  uint16_t field = 0;
  std::string value;
  std::string normalised;
  friend bool operator==(const ScopeTerm&, const ScopeTerm&) = default;
};

// Distinct members that may be revealed; 0 means without limit.
struct Budget {
  uint32_t per_hour = 0;
  uint32_t per_day = 0;
  uint32_t in_all = 0;
};

struct Grant {
  GrantId id;
  uint64_t version = 0;  // The grant's epoch: every change counts it up.
  PrincipalId principal;
  Role role = Role::kCoordinator;
  std::vector<ScopeTerm> scopes;  // Any of them admits; none: all members.
  std::vector<FieldClass> classes;
  std::string purpose;
  Timestamp created;
  Timestamp not_after;
  Budget budget;
  bool revoked = false;
  PrincipalId granted_by;
};

struct Invite {
  InviteId id;
  uint64_t version = 0;
  PrincipalId principal;
  Fingerprint fingerprint{};       // Of the invite's certificate.
  std::array<uint8_t, 32> spki{};  // SHA-256 of the invite's public key.
  Timestamp expires;
  bool used = false;
  std::array<uint8_t, 32> used_by{};  // SHA-256 of the redeeming public key.
  DeviceId device;                    // What it was redeemed for.
  std::string certificate_pem;        // What was issued, for a repeat.
};

// Whose call this is, as the certificate on the connection says.
struct Caller {
  PrincipalId principal;
  DeviceId device;
  Role role = Role::kMember;
  std::string name;
  std::optional<MemberId> member;
  Timestamp certificate_expires;
};

// One use of one grant: the epoch it was read at is checked again when the
// reveal is released.
struct GrantUse {
  GrantId id;
  uint64_t version = 0;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_ACCESS_TYPES_H_
