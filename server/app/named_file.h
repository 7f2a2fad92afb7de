// Errors that name a file.
#ifndef SODALITY_SERVER_APP_NAMED_FILE_H_
#define SODALITY_SERVER_APP_NAMED_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "platform/file_error.h"

namespace sodality::app {

// What is wrong with the file is wrong on the command line, unless the machine
// failed.
inline absl::Status OfNamedFile(const absl::Status& status) {
  if (platform::IsFaultOfMachine(platform::ErrnoOf(status))) return status;
  return absl::InvalidArgumentError(status.message());
}

inline absl::Status InFile(const std::string& path,
                           const absl::Status& status) {
  return absl::Status(status.code(),
                      path + ": " + std::string(status.message()));
}

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_NAMED_FILE_H_
