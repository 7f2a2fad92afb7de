// What the operating system said about a file, kept with its status: a code
// alone does not tell a file that may not be opened from a key that is wrong.
// Read next: file.h.
#ifndef SODALITY_PLATFORM_FILE_ERROR_H_
#define SODALITY_PLATFORM_FILE_ERROR_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace sodality::platform {

// "cannot open PATH: No such file or directory", with the code that fits and
// with `error`, an errno. `what` is a verb.
absl::Status FileError(int error, std::string_view what,
                       const std::string& path);

// The errno of a status that FileError made; 0 of any other.
int ErrnoOf(const absl::Status& status);

// Whether the machine failed (its disk, or a limit of it), and not the path
// that was named or who may open it.
[[nodiscard]] bool IsFaultOfMachine(int error);

}  // namespace sodality::platform

#endif  // SODALITY_PLATFORM_FILE_ERROR_H_
