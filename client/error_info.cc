#include "client/include/sodality/error_info.h"

#include <array>
#include <cstddef>
#include <optional>

#include "absl/strings/cord.h"

namespace sodality {
namespace {

constexpr char kPayload[] = "sodality.ErrorInfo";

// The payload is four lines; a line break inside a part would shift the rest.
std::string OneLine(const std::string& text) {
  std::string line = text;
  for (char& c : line) {
    if (c == '\n') c = ' ';
  }
  return line;
}

ExitCode ByReason(const ErrorInfo& info, ExitCode otherwise) {
  struct Row {
    std::string_view reason;
    ExitCode code;
  };
  static constexpr std::array kRows = {
      Row{"SEALED", ExitCode::kSealed},
      Row{"SEVERAL_GRANTS", ExitCode::kUsage},
      Row{"LAST_ADMIN", ExitCode::kConflict},
      Row{"ROTATION_RUNNING", ExitCode::kConflict},
      Row{"NO_ROOT_KEY_FILE", ExitCode::kConflict},
      Row{"ROTATION_GIVEN_UP", ExitCode::kFailed},
      Row{"BACKUP_RUNNING", ExitCode::kConflict},
      Row{"KEY_IN_USE", ExitCode::kConflict},
      Row{"ACT_ENDED", ExitCode::kConflict},
      Row{"BAD_APPROVAL", ExitCode::kDenied},
      Row{"INVITE_USED", ExitCode::kNotEnrolled},
      Row{"INVITE_EXPIRED", ExitCode::kNotEnrolled},
      Row{"DEVICE_REVOKED", ExitCode::kNotEnrolled},
      Row{"DISK_FULL", ExitCode::kFailed},
      Row{"STORE_STOPPED", ExitCode::kFailed},
      Row{"TOO_LARGE", ExitCode::kUsage},
      Row{"PROFILE_UNUSABLE", ExitCode::kFailed},
      Row{"USAGE", ExitCode::kUsage},
      Row{"INTERRUPTED", ExitCode::kInterrupted},
  };
  for (const Row& row : kRows) {
    if (row.reason == info.reason) return row.code;
  }
  return otherwise;
}

ExitCode ByCode(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kOk:
      return ExitCode::kOk;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kUnimplemented:
      return ExitCode::kUsage;
    case absl::StatusCode::kCancelled:
      return ExitCode::kCancelled;
    case absl::StatusCode::kUnauthenticated:
      return ExitCode::kNotEnrolled;
    case absl::StatusCode::kPermissionDenied:
      return ExitCode::kDenied;
    case absl::StatusCode::kNotFound:
      return ExitCode::kNotFound;
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kFailedPrecondition:
      return ExitCode::kConflict;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
      return ExitCode::kUnreachable;
    case absl::StatusCode::kResourceExhausted:
      return ExitCode::kExhausted;
    default:
      return ExitCode::kFailed;
  }
}

}  // namespace

absl::Status WithErrorInfo(absl::Status status, const ErrorInfo& info) {
  if (status.ok()) return status;
  std::string lines = OneLine(info.reason);
  for (const std::string* part : {&info.hint, &info.field, &info.retry_at}) {
    lines += '\n';
    lines += OneLine(*part);
  }
  status.SetPayload(kPayload, absl::Cord(lines));
  return status;
}

absl::Status MakeError(absl::StatusCode code, std::string_view message,
                       const ErrorInfo& info) {
  return WithErrorInfo(
      absl::Status(code, absl::string_view(message.data(), message.size())),
      info);
}

ErrorInfo GetErrorInfo(const absl::Status& status) {
  const auto payload = status.GetPayload(kPayload);
  if (!payload.has_value()) return {};
  const std::string lines(*payload);
  std::array<std::string, 4> parts;
  size_t part = 0;
  for (const char c : lines) {
    if (c == '\n' && part + 1 < parts.size()) {
      ++part;
    } else {
      parts[part] += c;
    }
  }
  return {parts[0], parts[1], parts[2], parts[3]};
}

ExitCode ExitCodeOf(const absl::Status& status) {
  return ByReason(GetErrorInfo(status), ByCode(status.code()));
}

std::string CodeName(absl::StatusCode code) {
  return absl::StatusCodeToString(code);
}

}  // namespace sodality
