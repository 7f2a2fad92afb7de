#include "server/rpc/status.h"

#include <string>

#include "server/core/error.h"
#include "sodality/v1/errors.pb.h"

namespace sodality::rpc {
namespace {

// What may be said where nothing of the inner text may.
std::string_view PlainMessage(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kCancelled:
      return "cancelled";
    case absl::StatusCode::kInvalidArgument:
      return "the request is not valid";
    case absl::StatusCode::kDeadlineExceeded:
      return "the deadline has passed";
    case absl::StatusCode::kNotFound:
      return "not found";
    case absl::StatusCode::kAlreadyExists:
      return "it exists already";
    case absl::StatusCode::kPermissionDenied:
      return "denied";
    case absl::StatusCode::kResourceExhausted:
      return "a limit is reached";
    case absl::StatusCode::kFailedPrecondition:
      return "not possible in this state";
    case absl::StatusCode::kAborted:
      return "changed in between";
    case absl::StatusCode::kUnavailable:
      return "not available now";
    case absl::StatusCode::kDataLoss:
      return "stored data is damaged";
    case absl::StatusCode::kUnauthenticated:
      return "not authenticated";
    default:
      return "internal error";
  }
}

bool KeepsText(absl::StatusCode code, core::Reason reason) {
  return reason != core::Reason::kNone && code != absl::StatusCode::kInternal &&
         code != absl::StatusCode::kUnknown &&
         code != absl::StatusCode::kDataLoss;
}

}  // namespace

grpc::Status ToGrpcStatus(const absl::Status& inner) {
  if (inner.ok()) return grpc::Status::OK;
  const absl::Status status = core::FromStore(inner);
  const auto code = static_cast<grpc::StatusCode>(status.raw_code());
  const core::ErrorInfo info = core::GetErrorInfo(status);
  if (!KeepsText(status.code(), info.reason)) {
    return {code, std::string(PlainMessage(status.code()))};
  }
  v1::ErrorDetail detail;
  detail.set_reason(std::string(core::ReasonName(info.reason)));
  detail.set_hint(info.hint);
  detail.set_field(info.field);
  if (info.retry_at) {
    detail.set_retry_at(platform::FormatTimestamp(*info.retry_at));
  }
  return {code, std::string(status.message()), detail.SerializeAsString()};
}

void ReportDamage(const OnDamage& on_damage, const absl::Status& status) {
  if (absl::IsDataLoss(status) && on_damage != nullptr) on_damage(status);
}

}  // namespace sodality::rpc
