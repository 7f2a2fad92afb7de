// A folder that is made whole beside its place and moved there at the end; and
// what has to hold of the places that a command line names. Read next: init.h.
#ifndef SODALITY_SERVER_APP_NEW_FOLDER_H_
#define SODALITY_SERVER_APP_NEW_FOLDER_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/app/exit_code.h"

namespace sodality::app {

// kUsage unless there is a folder to make `path` in.
Outcome CheckParent(const std::string& path);
// kConflict unless `folder` is absent, or empty; unless nothing is at `path`.
Outcome CheckVacant(const std::string& folder);
Outcome CheckAbsent(const std::string& path);

// An empty folder of mode 0700 beside `path`, on the same file system.
// UNAVAILABLE.
absl::StatusOr<std::string> MakeFolderBeside(const std::string& path);

// Durably; at `place` stands nothing, or an empty folder. The file system's
// errors.
absl::Status MoveIntoPlace(const std::string& folder, const std::string& place);

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_NEW_FOLDER_H_
