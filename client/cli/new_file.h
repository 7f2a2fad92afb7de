// A file that appears whole or not at all.
#ifndef SODALITY_CLIENT_CLI_NEW_FILE_H_
#define SODALITY_CLIENT_CLI_NEW_FILE_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace sodality::cli {

// ALREADY_EXISTS when anything is at `path`, be it a link; INVALID_ARGUMENT
// when that cannot be told.
absl::Status CheckAbsent(const std::string& path);

// Claims a path with an empty file (mode 0600) that goes away again unless
// Keep succeeds.
class NewFile final {
 public:
  // ALREADY_EXISTS, or INVALID_ARGUMENT when it cannot be created there.
  static absl::StatusOr<NewFile> Create(const std::string& path);
  NewFile(NewFile&& other) noexcept;
  NewFile& operator=(NewFile&&) = delete;
  ~NewFile();

  // INTERNAL when the disk does not take it.
  absl::Status Append(std::string_view content);
  // Appends and syncs. INTERNAL likewise.
  absl::Status Keep(std::string_view content);
  // Syncs, and renames it to `path`, in the same folder, where nothing may be.
  // ALREADY_EXISTS; INTERNAL likewise.
  absl::Status KeepAs(const std::string& path);

 private:
  NewFile(std::string path, int fd);

  std::string path_;
  int fd_;
  bool kept_ = false;
};

}  // namespace sodality::cli

#endif  // SODALITY_CLIENT_CLI_NEW_FILE_H_
