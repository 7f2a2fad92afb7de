// Errors as the outside sees them: a code, a stable reason, one sentence, and
// what to do next. Made here, carried in absl::Status, turned into a gRPC
// status by server/rpc/status.cc alone. No text ever holds a member's data.
// The list of reasons with their codes is docs/errors.md.
#ifndef SODALITY_SERVER_CORE_ERROR_H_
#define SODALITY_SERVER_CORE_ERROR_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "platform/clock.h"

namespace sodality::core {

enum class Reason {
  kNone,  // An inner failure: the outside sees the code alone.
  kNotEnrolled,
  kDeviceRevoked,
  kPrincipalSuspended,
  kCertificateExpired,
  kInviteUsed,
  kInviteExpired,
  kSealed,
  kRoleNotAllowed,
  kNoGrant,
  kGrantEnded,
  kSeveralGrants,
  kOwnGrant,
  kBudgetExhausted,
  kRateLimited,
  kMemberNotFound,
  kNotFound,
  kUnknownField,
  kFieldNotYours,
  kInvalidValue,
  kStaleRevision,
  kExternalIdTaken,
  kRequestIdReused,
  kBadPageToken,
  kBadRequestCertificate,
  kDeadlineRequired,
  kNoHeader,
  kTooLarge,
  kDiskFull,
  kStoreStopped,
  kOutOfScope,
  kLastAdmin,
  kRotationRunning,
  kNoRootKeyFile,
  kBackupRunning,
  kBadApproval,
  kActEnded,
  kKeyInUse,
};

// UPPER_SNAKE, as in ErrorDetail.reason.
std::string_view ReasonName(Reason reason);

struct ErrorInfo {
  Reason reason = Reason::kNone;
  std::string hint;
  std::string field;
  std::optional<platform::Timestamp> retry_at;
};

// A status that carries `info`. `message` is lower case without a full stop.
absl::Status MakeError(absl::StatusCode code, std::string_view message,
                       ErrorInfo info);
// What MakeError put in; reason kNone for any other status.
ErrorInfo GetErrorInfo(const absl::Status& status);

// The one answer for a member that is absent and one that is out of reach.
absl::Status MemberNotFound();

// The one answer for a field that the schema lacks and one that the grant does
// not show; `name` is the caller's own word, left out unless it is one that a
// field could have.
absl::Status UnknownField(std::string_view name);

// INVALID_ARGUMENT kInvalidValue at `field`, left out likewise.
absl::Status InvalidValue(std::string_view field, std::string_view what);

// A status of the store or the ledger with its reason: RESOURCE_EXHAUSTED is
// kDiskFull, UNAVAILABLE kStoreStopped. One that has a reason, or any other
// code, stays as it is.
absl::Status FromStore(const absl::Status& status);

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_ERROR_H_
