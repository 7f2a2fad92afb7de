// What a failed call says beyond its code and message. Every status of this
// library is an absl::Status; the rest travels in a payload, read here.
#ifndef SODALITY_CLIENT_INCLUDE_SODALITY_ERROR_INFO_H_
#define SODALITY_CLIENT_INCLUDE_SODALITY_ERROR_INFO_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace sodality {

// Exit codes of the programs, a sentence each.
enum class ExitCode : int {
  kOk = 0,            // What was asked for is done.
  kFailed = 1,        // Something broke; trying again may not help.
  kUsage = 2,         // The command or a value in it is wrong.
  kCancelled = 3,     // A person said no, or nobody could be asked.
  kNotEnrolled = 4,   // No certificate, or it expired or was revoked.
  kDenied = 5,        // Enrolled, but not allowed to.
  kNotFound = 6,      // There is no such thing that the caller may see.
  kConflict = 7,      // Somebody was faster, or it exists already.
  kUnreachable = 8,   // The server does not answer.
  kPartial = 9,       // Some rows were refused; the good ones are done.
  kSealed = 10,       // The server waits to be unsealed.
  kExhausted = 11,    // A budget or rate is used up for now.
  kWaiting = 12,      // Waits for another's approval.
  kInterrupted = 130  // Ctrl-C.
};

// All parts may be empty. Holds no member's data.
struct ErrorInfo {
  // UPPER_SNAKE, stable: STALE_REVISION, NO_GRANT, ... (docs/errors.md).
  std::string reason = {};
  // What the person can do next.
  std::string hint = {};
  // The field, argument or header at fault.
  std::string field = {};
  // RFC 3339: when trying again can succeed.
  std::string retry_at = {};
};

// `status` with `info` attached; an OK status is returned as it is.
absl::Status WithErrorInfo(absl::Status status, const ErrorInfo& info);

// Code and message as usual, `info` attached.
absl::Status MakeError(absl::StatusCode code, std::string_view message,
                       const ErrorInfo& info = {});

// What was attached; empty parts when nothing was. Safe from any thread.
//
// Example:
//   int Report(const absl::Status& status, std::ostream& err) {
//     if (status.ok()) return 0;
//     const sodality::ErrorInfo info = sodality::GetErrorInfo(status);
//     err << status.message() << '\n';
//     if (!info.hint.empty()) err << info.hint << '\n';
//     if (!info.retry_at.empty()) {
//       err << "not before " << info.retry_at << '\n';
//     }
//     return static_cast<int>(sodality::ExitCodeOf(status));
//   }
ErrorInfo GetErrorInfo(const absl::Status& status);

// By code and, where one code means several things, by reason.
[[nodiscard]] ExitCode ExitCodeOf(const absl::Status& status);

// The name of a code as JSON output has it: "NOT_FOUND".
std::string CodeName(absl::StatusCode code);

}  // namespace sodality

#endif  // SODALITY_CLIENT_INCLUDE_SODALITY_ERROR_INFO_H_
