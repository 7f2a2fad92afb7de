#include "server/rpc/admission.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/core/error.h"

namespace sodality::rpc {
namespace {

using core::MakeError;
using core::Reason;

absl::Status CheckDeadline(const MethodPolicy& policy,
                           std::optional<std::chrono::milliseconds> left) {
  if (policy.longest.count() == 0) return absl::OkStatus();
  if (left && *left <= policy.longest) return absl::OkStatus();
  return MakeError(
      absl::StatusCode::kInvalidArgument,
      left ? "the deadline is too far away" : "a call needs a deadline",
      {.reason = Reason::kDeadlineRequired,
       .hint = absl::StrCat("set one of at most ", policy.longest.count(),
                            " seconds")});
}

absl::Status Sealed() {
  return MakeError(
      absl::StatusCode::kUnavailable, "the server is sealed",
      {.reason = Reason::kSealed,
       .hint = "an operator has to run `sodalityd unseal` on the server"});
}

}  // namespace

absl::StatusOr<core::Caller> CheckCaller(const MethodPolicy& policy,
                                         const core::AccessTable& access,
                                         const core::Fingerprint& certificate,
                                         platform::Timestamp now) {
  if (policy.caller == CallerKind::kAnyCertificate) return core::Caller();
  if (policy.caller == CallerKind::kInvite &&
      access.FindInvite(certificate).ok()) {
    return core::Caller();
  }
  auto caller = access.Identify(certificate, now);
  if (!caller.ok()) return caller;
  if (policy.caller != CallerKind::kDevice ||
      !policy.roles.Contains(caller->role)) {
    return MakeError(absl::StatusCode::kPermissionDenied,
                     "your role may not do this",
                     {.reason = Reason::kRoleNotAllowed,
                      .hint = "`sodality status` says which role you have"});
  }
  return caller;
}

absl::Status Call::Recheck(const std::optional<core::GrantUse>& use) const {
  if (!policy_->needs_unsealed()) return absl::OkStatus();
  if (holder_->Get() != chapter_) return Sealed();
  const core::AccessTable& access = chapter_->access();
  const auto now = clock_->Now();
  const auto caller = CheckCaller(*policy_, access, certificate_, now);
  if (!caller.ok() || !use) return caller.status();
  return access.CheckRelease(caller_.principal, caller_.device, use, now)
      .status();
}

absl::StatusOr<core::GrantUse> Call::SelectGrant(
    const std::optional<core::GrantId>& id) const {
  const auto grant = chapter_->access().SelectGrant(caller_, id, clock_->Now());
  if (!grant.ok()) return grant.status();
  return core::GrantUse{(*grant)->id, (*grant)->version};
}

absl::StatusOr<Call> Admission::Admit(const CallFacts& facts) {
  const MethodPolicy* policy = FindPolicy(facts.method);
  if (policy == nullptr) return absl::InternalError("a method without policy");
  auto certificate = certificates_.FingerprintOf(facts.certificate_pem);
  if (!certificate.ok()) return certificate.status();
  std::shared_ptr<core::Chapter> chapter;
  absl::StatusOr<core::Caller> caller = core::Caller();
  if (!policy->needs_unsealed()) {
    // Sealed, nobody knows which certificates are revoked.
    const auto open = chapter_.Get();
    if (open != nullptr && !open->access().Admits(*certificate, clock_.Now())) {
      return MakeError(absl::StatusCode::kUnauthenticated,
                       "this certificate is not in force",
                       {.reason = Reason::kNotEnrolled});
    }
  } else {
    chapter = chapter_.Get();
    if (chapter == nullptr) return Sealed();
    caller =
        CheckCaller(*policy, chapter->access(), *certificate, clock_.Now());
    if (!caller.ok()) return caller.status();
  }
  const absl::Status deadline = CheckDeadline(*policy, facts.time_left);
  if (!deadline.ok()) return deadline;
  auto place = limiter_.Enter(*certificate, policy->streams);
  if (!place.ok()) return place.status();
  Call call(*policy, chapter_, clock_, *std::move(place));
  call.chapter_ = std::move(chapter);
  call.certificate_ = *certificate;
  call.caller_ = *std::move(caller);
  return call;
}

}  // namespace sodality::rpc
