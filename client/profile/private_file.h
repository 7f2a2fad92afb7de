// Files and folders that are nobody else's business. For this folder only.
#ifndef SODALITY_CLIENT_PROFILE_PRIVATE_FILE_H_
#define SODALITY_CLIENT_PROFILE_PRIVATE_FILE_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/secret.h"

namespace sodality {

// The whole file. NOT_FOUND; FAILED_PRECONDITION when it is a link or no
// regular file, belongs to another user, or others may read or write it;
// INVALID_ARGUMENT when larger than `limit`.
absl::StatusOr<crypto::SecretBuffer> ReadPrivateFile(const std::string& path,
                                                     size_t limit);

// NOT_FOUND; FAILED_PRECONDITION when it is no folder, belongs to another user,
// or others may write to it.
[[nodiscard]] absl::Status CheckPrivateFolder(const std::string& folder);

// Creates `folder` and its parents, each with mode 0700 when absent.
absl::Status MakeFolders(const std::string& folder);

// "." for a path without a slash.
std::string ParentOf(const std::string& path);

// An exclusive lock on a file beside others, waited for; released with the
// object. Move-only.
class FileLock final {
 public:
  static absl::StatusOr<FileLock> Wait(const std::string& path);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace sodality

#endif  // SODALITY_CLIENT_PROFILE_PRIVATE_FILE_H_
