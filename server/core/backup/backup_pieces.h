// What a backup's chunks say, piece by piece. Internal to backup.cc.
#ifndef SODALITY_SERVER_CORE_BACKUP_BACKUP_PIECES_H_
#define SODALITY_SERVER_CORE_BACKUP_BACKUP_PIECES_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "crypto/backup_file.h"
#include "crypto/sha256.h"
#include "platform/file.h"
#include "server/core/backup/layout.h"

namespace sodality::core {

struct SourceFile {
  std::string path;
  BackupFileHeader header;
};

// Thread safety: one user at a time. Borrows `fs`.
class BackupPieces final {
 public:
  // Of a piece, but for what stands around a file.
  static constexpr size_t kMost = crypto::kBackupChunk;

  // `manifest`: without its files.
  BackupPieces(platform::FileSystem& fs, std::vector<SourceFile> files,
               BackupManifest manifest);

  // Adds the next to `out`; false when nothing is left. Errors: the files';
  // DATA_LOSS when one has become shorter.
  absl::StatusOr<bool> Take(std::string& out);

 private:
  absl::StatusOr<bool> Open(std::string& out);
  absl::StatusOr<bool> Read(std::string& out);
  void Close();

  platform::FileSystem& fs_;
  const std::vector<SourceFile> files_;
  BackupManifest manifest_;
  size_t next_ = 0;
  std::unique_ptr<platform::File> file_;
  uint64_t at_ = 0;
  crypto::Sha256Stream hash_;
  bool ended_ = false;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_BACKUP_BACKUP_PIECES_H_
