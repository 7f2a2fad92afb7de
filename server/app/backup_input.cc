#include "server/app/backup_input.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "crypto/backup_file.h"
#include "platform/file_error.h"
#include "server/app/named_file.h"

namespace sodality::app {

// O_NONBLOCK: a pipe that nobody writes to would keep us waiting.
absl::StatusOr<BackupInput> BackupInput::Open(const std::string& path) {
  OwnedFd file(
      ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!file.ok()) {
    return OfNamedFile(platform::FileError(errno, "open", path));
  }
  struct stat facts {};
  if (::fstat(file.get(), &facts) != 0) {
    return OfNamedFile(platform::FileError(errno, "read", path));
  }
  if (!S_ISREG(facts.st_mode)) {
    return absl::InvalidArgumentError(path + " is no ordinary file");
  }
  return BackupInput(path, std::move(file));
}

absl::Status BackupInput::Fill(size_t size) {
  const auto given = buffer_.begin() + static_cast<std::ptrdiff_t>(used_);
  buffer_.erase(buffer_.begin(), given);
  used_ = 0;
  size_t filled = buffer_.size();
  buffer_.resize(std::max(size, filled));
  while (filled < buffer_.size()) {
    const ssize_t got =
        ::read(file_.get(), buffer_.data() + filled, buffer_.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return platform::FileError(errno, "read", path_);
    if (got == 0) break;
    filled += static_cast<size_t>(got);
  }
  buffer_.resize(filled);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<uint8_t>> BackupInput::ReadHead() {
  if (auto s = Fill(crypto::kBackupPrefix); !s.ok()) return s;
  const auto size = crypto::BackupHeadSize(buffer_);
  if (!size.ok()) return InFile(path_, size.status());
  if (auto s = Fill(*size); !s.ok()) return s;
  if (buffer_.size() < *size) {
    return InFile(path_, absl::DataLossError("the backup's head is cut off"));
  }
  std::vector<uint8_t> head;
  head.swap(buffer_);
  offset_ = head.size();
  return head;
}

// One byte more than a chunk tells whether anything stands behind it.
absl::StatusOr<BackupInput::SealedChunk> BackupInput::ReadChunk() {
  if (auto s = Fill(crypto::kSealedBackupChunk + 1); !s.ok()) return s;
  if (buffer_.empty()) {
    return InFile(path_, absl::DataLossError("the backup ends at its head"));
  }
  used_ = std::min(buffer_.size(), crypto::kSealedBackupChunk);
  SealedChunk chunk;
  chunk.bytes = std::span(buffer_).first(used_);
  chunk.offset = offset_;
  chunk.last = buffer_.size() == used_;
  offset_ += used_;
  return chunk;
}

}  // namespace sodality::app
