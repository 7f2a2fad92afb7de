// From a backup's file to the files of a data folder. Read next: restore.h.
#ifndef SODALITY_SERVER_APP_UNPACKING_H_
#define SODALITY_SERVER_APP_UNPACKING_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/backup_file.h"
#include "platform/file.h"
#include "server/app/backup_input.h"
#include "server/app/data_folder.h"
#include "server/core/backup/backup_reader.h"

namespace sodality::app {

// Writes files of a backup into an empty folder, durably: mode 0600, with the
// room that they have. Thread safety: one thread. Lifetime: borrows `fs`.
class FolderSink final : public core::BackupSink {
 public:
  FolderSink(platform::FileSystem& fs, DataFolder folder)
      : fs_(fs), folder_(std::move(folder)) {}

  absl::Status Begin(const core::BackupFileHeader& file) override;
  absl::Status Write(std::span<const uint8_t> bytes) override;
  absl::Status End() override;
  // The names, too.
  absl::Status Sync();

 private:
  std::string LedgerFolder() const { return folder_.path() + "/ledger"; }

  platform::FileSystem& fs_;
  const DataFolder folder_;
  bool has_ledger_ = false;
  std::unique_ptr<platform::File> file_;
  uint64_t written_ = 0;
};

// Into the empty `folder`, keyring included. What it has written is of no use
// after an error: DATA_LOSS naming what is wrong, and where in the backup;
// RESOURCE_EXHAUSTED when the disk is full; CANCELLED when `stopped` says so,
// which is asked at every chunk; of the file system.
struct Unpacking {
  crypto::BackupOpener& opener;
  std::span<const uint8_t> keyring_file;
  DataFolder folder;
  platform::FileSystem& fs;
  std::function<bool()> stopped;
};
absl::StatusOr<core::BackupManifest> UnpackBackup(BackupInput& input,
                                                  const Unpacking& unpacking);

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_UNPACKING_H_
