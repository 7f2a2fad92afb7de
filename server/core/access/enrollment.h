// Invites become devices, and devices renew their certificates.
#ifndef SODALITY_SERVER_CORE_ACCESS_ENROLLMENT_H_
#define SODALITY_SERVER_CORE_ACCESS_ENROLLMENT_H_

#include <atomic>
#include <memory>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "server/core/access/access_control.h"
#include "server/core/access/types.h"

namespace sodality::core {

struct Enrolled {
  DeviceId device;
  std::string certificate_pem;
  std::string ca_certificate_pem;
  std::string principal_name;
  Role role = Role::kMember;
};

// Thread safety: safe; redemptions run one at a time.
class Enrollment final {
 public:
  explicit Enrollment(const AccessParts& parts);
  ~Enrollment();

  // `connection` is the certificate on the connection: it must be the invite's
  // own. One transaction burns the invite and stores what was issued. The same
  // key again: the same bytes until the invite expires; another key:
  // PERMISSION_DENIED kInviteUsed (recorded). UNAUTHENTICATED kInviteExpired,
  // kNotEnrolled; INVALID_ARGUMENT kBadRequestCertificate.
  absl::StatusOr<Enrolled> Redeem(const Fingerprint& connection,
                                  std::span<const uint8_t> request_der);
  absl::StatusOr<Enrolled> Renew(const Caller& caller,
                                 std::span<const uint8_t> request_der);
  // Uses of spent invites with another key since start.
  uint64_t refused() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_ACCESS_ENROLLMENT_H_
