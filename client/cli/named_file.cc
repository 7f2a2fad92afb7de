#include "client/cli/named_file.h"

#include <cstring>

#include "client/include/sodality/error_info.h"
#include "platform/file_error.h"
#include "text/utf8.h"

namespace sodality::cli {
namespace {

absl::Status NoFile(const std::string& message, const std::string& hint) {
  return MakeError(absl::StatusCode::kInvalidArgument, message,
                   {.reason = "NO_FILE", .hint = hint});
}

absl::Status MachineFailed(const std::string& message, int error) {
  return MakeError(
      absl::StatusCode::kInternal, message + ": " + std::strerror(error),
      {.reason = "MACHINE_FAILED",
       .hint = "is the disk failing or full, or a limit reached?"});
}

}  // namespace

absl::Status CannotRead(const std::string& path, int error) {
  const std::string message = "cannot read " + text::Printable(path);
  if (platform::IsFaultOfMachine(error)) return MachineFailed(message, error);
  return NoFile(message, "is the path right, and may you read it?");
}

absl::Status CannotCreate(const std::string& path, int error) {
  const std::string message = "cannot create " + text::Printable(path);
  if (platform::IsFaultOfMachine(error)) return MachineFailed(message, error);
  return NoFile(message + ": " + std::strerror(error),
                "is the folder there, and may you write to it?");
}

absl::Status CannotWrite(std::string_view what) {
  return MakeError(absl::StatusCode::kInternal,
                   "cannot write to " + std::string(what),
                   {.reason = "CANNOT_WRITE",
                    .hint = "is the disk full, or the reader gone?"});
}

absl::Status BadContent(const absl::Status& status, const std::string& hint) {
  if (!absl::IsInvalidArgument(status) ||
      !GetErrorInfo(status).reason.empty()) {
    return status;
  }
  return WithErrorInfo(status, {.reason = "BAD_FILE", .hint = hint});
}

}  // namespace sodality::cli
