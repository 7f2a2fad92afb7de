// Whose call is this, and may it be made? Every handler stands behind this
// one decision, from the method's row and the access table. Knows no gRPC;
// call_gate.h carries it to the handlers.
#ifndef SODALITY_SERVER_RPC_ADMISSION_H_
#define SODALITY_SERVER_RPC_ADMISSION_H_

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/clock.h"
#include "server/core/access/access_table.h"
#include "server/core/chapter.h"
#include "server/rpc/call_limiter.h"
#include "server/rpc/certificate_cache.h"
#include "server/rpc/chapter_holder.h"
#include "server/rpc/method_policy.h"

namespace sodality::rpc {

// What the transport says of a call.
struct CallFacts {
  std::string_view method;
  std::string_view certificate_pem;  // Empty: none, which is refused.
  std::optional<std::chrono::milliseconds> time_left;  // None: no deadline.
};

// A call that may be made. Move-only; keeps the chapter alive and the caller's
// place taken until it is destroyed. The Admission outlives it.
class Call final {
 public:
  // Facts of the caller; empty for an invite's call and for health.
  const core::Caller& caller() const { return caller_; }
  // Not for methods that are answered while sealed.
  core::Chapter& chapter() const { return *chapter_; }
  const core::Fingerprint& certificate() const { return certificate_; }

  // Whether the caller may still make it: a stream asks before each message.
  // Errors as Admission::Admit.
  // Through a grant also: kGrantEnded.
  [[nodiscard]] absl::Status Recheck(
      const std::optional<core::GrantUse>& use = std::nullopt) const;
  // Waits for `timeout`, or until the chapter is sealed; may return early.
  void AwaitSeal(std::chrono::milliseconds timeout) const {
    holder_->AwaitChange(/*unsealed=*/true, timeout);
  }
  // For each question of a stream. RESOURCE_EXHAUSTED kRateLimited.
  [[nodiscard]] absl::Status Charge() const { return place_.Charge(); }
  // AccessTable::SelectGrant.
  absl::StatusOr<core::GrantUse> SelectGrant(
      const std::optional<core::GrantId>& id) const;

 private:
  friend class Admission;
  Call(const MethodPolicy& policy, const ChapterHolder& holder,
       const platform::Clock& clock, CallLimiter::Place place)
      : policy_(&policy),
        holder_(&holder),
        clock_(&clock),
        place_(std::move(place)) {}

  const MethodPolicy* policy_;
  const ChapterHolder* holder_;
  const platform::Clock* clock_;
  CallLimiter::Place place_;
  std::shared_ptr<core::Chapter> chapter_;
  core::Fingerprint certificate_{};
  core::Caller caller_;
};

// The caller, if the holder of `certificate` may call a method of `policy`
// now. UNAUTHENTICATED kNotEnrolled and as AccessTable::Identify;
// PERMISSION_DENIED kRoleNotAllowed.
absl::StatusOr<core::Caller> CheckCaller(const MethodPolicy& policy,
                                         const core::AccessTable& access,
                                         const core::Fingerprint& certificate,
                                         platform::Timestamp now);

// Thread safety: safe.
class Admission final {
 public:
  Admission(const ChapterHolder& chapter, CallLimits limits,
            const platform::Clock& clock)
      : chapter_(chapter), clock_(clock), limiter_(limits, clock) {}

  // INTERNAL when the method has no row; UNAVAILABLE kSealed; those of
  // CheckCaller; INVALID_ARGUMENT kDeadlineRequired; RESOURCE_EXHAUSTED
  // kRateLimited.
  absl::StatusOr<Call> Admit(const CallFacts& facts);

 private:
  const ChapterHolder& chapter_;
  const platform::Clock& clock_;
  CertificateCache certificates_;
  CallLimiter limiter_;
};

}  // namespace sodality::rpc

#endif  // SODALITY_SERVER_RPC_ADMISSION_H_
