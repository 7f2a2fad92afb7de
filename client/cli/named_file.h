// Errors about a file that the command line names.
#ifndef SODALITY_CLIENT_CLI_NAMED_FILE_H_
#define SODALITY_CLIENT_CLI_NAMED_FILE_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace sodality::cli {

// INVALID_ARGUMENT (NO_FILE): it is not there, or may not be read. `error` is
// an errno, 0 when there is none; INTERNAL (MACHINE_FAILED) for one that is no
// fault of the path.
absl::Status CannotRead(const std::string& path, int error);

// The same of a file that cannot be made.
absl::Status CannotCreate(const std::string& path, int error);

// INTERNAL (CANNOT_WRITE); `what` is "the file" or the like.
absl::Status CannotWrite(std::string_view what);

// `status` as BAD_FILE, for content that is not what it should be. One that
// says its reason, or is about no content, stays as it is.
absl::Status BadContent(const absl::Status& status, const std::string& hint);

}  // namespace sodality::cli

#endif  // SODALITY_CLIENT_CLI_NAMED_FILE_H_
