// Files as the store of record needs them: whole reads with a limit, atomic
// replacement, a lock on a folder, and one seam (`FileSystem`) through which
// tests make the n-th write or sync fail. Read next: mutex.h.
#ifndef SODALITY_PLATFORM_FILE_H_
#define SODALITY_PLATFORM_FILE_H_

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace sodality::platform {

using Bytes = std::vector<uint8_t>;

// An open file. Thread safety: one user at a time. Errors: RESOURCE_EXHAUSTED
// when the disk is full, UNAVAILABLE for any other input or output error.
class File {
 public:
  virtual ~File() = default;
  // Writes all of `data` at `offset`, or fails.
  virtual absl::Status WriteAt(uint64_t offset,
                               std::span<const uint8_t> data) = 0;
  // Reads up to `size` bytes at `offset`; fewer only at the end of the file.
  virtual absl::StatusOr<Bytes> ReadAt(uint64_t offset, size_t size) = 0;
  // fdatasync. After a failure the file's content is unknown: stop using it.
  virtual absl::Status Sync() = 0;
  // posix_fallocate: reserves [0, size) so that later writes cannot run out of
  // room and fdatasync need not write the inode.
  virtual absl::Status Allocate(uint64_t size) = 0;
  virtual absl::StatusOr<uint64_t> Size() = 0;
};

// The file operations of the server. Thread safety: implementations are safe.
class FileSystem {
 public:
  virtual ~FileSystem() = default;
  // Opens for reading and writing. `create`: a new file of mode 0600;
  // ALREADY_EXISTS where anything is, be it a link. Else NOT_FOUND when absent.
  virtual absl::StatusOr<std::unique_ptr<File>> Open(const std::string& path,
                                                     bool create) = 0;
  virtual absl::Status Rename(const std::string& from,
                              const std::string& to) = 0;
  virtual absl::Status Remove(const std::string& path) = 0;
  // fsync of a folder, so that names in it are durable.
  virtual absl::Status SyncFolder(const std::string& path) = 0;
  // Names (not paths) in a folder, sorted.
  virtual absl::StatusOr<std::vector<std::string>> List(
      const std::string& folder) = 0;
};

// The operating system's. Lives for the process.
FileSystem& PosixFileSystem();

// Writes `data` to a new file beside `path` (mode 0600), syncs it, renames it
// over `path` and syncs the folder. After a failure the old file stands, as far
// as NothingReplaced says so; else either may, and the next process finds out.
absl::Status ReplaceFile(FileSystem& fs, const std::string& path,
                         std::span<const uint8_t> data);

// Whether a failure of ReplaceFile came before the rename.
[[nodiscard]] bool NothingReplaced(const absl::Status& failure);

// The whole file. NOT_FOUND; INVALID_ARGUMENT when larger than `limit` bytes.
absl::StatusOr<Bytes> ReadFile(FileSystem& fs, const std::string& path,
                               uint64_t limit);

// Creates `path` with mode 0700 when absent; an existing folder is left alone.
// NOT_FOUND without its parent; ALREADY_EXISTS when `path` is no folder.
absl::Status MakeFolder(const std::string& path);

// An exclusive flock on `<folder>/lock` for this object's life; the kernel
// drops it when the process dies, however it dies. Ownership: move-only.
class FolderLock final {
 public:
  // FAILED_PRECONDITION naming the folder while it is held, by another process
  // or by this one.
  static absl::StatusOr<FolderLock> Acquire(const std::string& folder);
  // The same, creating nothing: where no lock was ever taken, Acquire is
  // refused by a flock on the folder itself.
  static absl::StatusOr<FolderLock> AcquireIfThere(const std::string& folder);
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&& other) noexcept;
  ~FolderLock();

 private:
  explicit FolderLock(int fd) : fd_(fd) {}
  static absl::StatusOr<FolderLock> Take(const std::string& folder, int flags);
  static absl::StatusOr<FolderLock> TakeFolder(const std::string& folder);
  static absl::StatusOr<FolderLock> Lock(const std::string& folder,
                                         const std::string& path, int flags);
  int fd_ = -1;
};

}  // namespace sodality::platform

#endif  // SODALITY_PLATFORM_FILE_H_
