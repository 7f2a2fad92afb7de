// A backup's file, read from its front to its end. Read next: unpacking.h.
#ifndef SODALITY_SERVER_APP_BACKUP_INPUT_H_
#define SODALITY_SERVER_APP_BACKUP_INPUT_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/app/owned_fd.h"

namespace sodality::app {

// Thread safety: one thread. Move-only. Errors: of the file system, naming the
// file (platform::ErrnoOf).
class BackupInput final {
 public:
  // INVALID_ARGUMENT when it is no ordinary file, or cannot be opened;
  // UNAVAILABLE when the machine fails to.
  static absl::StatusOr<BackupInput> Open(const std::string& path);

  // All in front of the chunks; to be called first. DATA_LOSS and
  // FAILED_PRECONDITION as crypto::BackupHeadSize.
  absl::StatusOr<std::vector<uint8_t>> ReadHead();

  struct SealedChunk {
    std::span<const uint8_t> bytes;  // Until the next call.
    uint64_t offset = 0;             // In the file.
    bool last = false;
  };
  // DATA_LOSS when there is none.
  absl::StatusOr<SealedChunk> ReadChunk();

  const std::string& path() const { return path_; }

 private:
  BackupInput(std::string path, OwnedFd file)
      : path_(std::move(path)), file_(std::move(file)) {}
  // Up to so many bytes, fewer at the end alone, behind what is in buffer_.
  absl::Status Fill(size_t size);

  std::string path_;
  OwnedFd file_;
  std::vector<uint8_t> buffer_;
  size_t used_ = 0;  // Of buffer_: what was given out.
  uint64_t offset_ = 0;
};

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_BACKUP_INPUT_H_
