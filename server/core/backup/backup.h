// One file that holds all of a chapter as of one moment, made while it is in
// use (docs/adr/0024-backup.md). What it holds is what a server that was killed
// at that moment would have left. Read next: layout.h, crypto/backup_file.h.
#ifndef SODALITY_SERVER_CORE_BACKUP_BACKUP_H_
#define SODALITY_SERVER_CORE_BACKUP_BACKUP_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/file.h"
#include "platform/mutex.h"
#include "server/core/access/types.h"
#include "server/core/backup/layout.h"
#include "server/core/directory.h"

namespace sodality::core {

struct DirectoryParts;  // chapter.h
class Keys;

// Where the files are; borrows `fs`.
struct BackupSource {
  platform::FileSystem& fs;
  std::string folder;
  std::vector<std::string> public_files;
};

// What is known of a backup before its bytes are read. Public facts.
struct BackupFacts {
  crypto::Bytes16 id{};
  uint64_t bytes = 0;       // Of the whole.
  BackupManifest manifest;  // Without the digests of files.
};

// The bytes of one backup, from the first to the last.
// Thread safety: one user at a time. Lifetime: the maker outlives it; while it
// stands there is a copy of the store on the disk, and no other backup.
class Backup {
 public:
  virtual ~Backup() = default;
  [[nodiscard]] virtual const BackupFacts& facts() const = 0;
  // The next bytes, some ten thousand; none: that was all. Errors: the files';
  // DATA_LOSS when a file has become shorter.
  virtual absl::StatusOr<store::Bytes> Next() = 0;
};

// Thread safety: safe. Lifetime: borrows all that it is given.
class BackupMaker final {
 public:
  BackupMaker(const DirectoryParts& parts, Keys& keys, BackupSource source)
      : parts_(parts), keys_(keys), source_(std::move(source)) {}

  // Copies the store and verifies the copy, which takes as long as reading and
  // writing it; then records BACK_UP. Role admin is the caller's to check.
  // FAILED_PRECONDITION kBackupRunning; RESOURCE_EXHAUSTED kDiskFull;
  // UNAVAILABLE; DATA_LOSS when the store is damaged.
  absl::StatusOr<std::unique_ptr<Backup>> Begin(const Caller& caller)
      SODALITY_EXCLUDES(mutex_);

 private:
  class Making;
  void End() SODALITY_EXCLUDES(mutex_);

  const DirectoryParts& parts_;
  Keys& keys_;
  const BackupSource source_;
  platform::Mutex mutex_;
  bool running_ SODALITY_GUARDED_BY(mutex_) = false;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_BACKUP_BACKUP_H_
