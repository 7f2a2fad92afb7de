#include "server/core/backup/backup_pieces.h"

#include <algorithm>
#include <utility>

#include "crypto/secret.h"

namespace sodality::core {
namespace {

void AppendTo(std::string& out, std::span<const uint8_t> bytes) {
  out.append(crypto::AsText(bytes));
}

}  // namespace

BackupPieces::BackupPieces(platform::FileSystem& fs,
                           std::vector<SourceFile> files,
                           BackupManifest manifest)
    : fs_(fs), files_(std::move(files)), manifest_(std::move(manifest)) {
  manifest_.files.clear();
}

absl::StatusOr<bool> BackupPieces::Take(std::string& out) {
  if (file_ == nullptr && next_ < files_.size()) return Open(out);
  if (file_ != nullptr) return Read(out);
  if (std::exchange(ended_, true)) return false;
  AppendTo(out, EncodeManifest(manifest_));
  return true;
}

absl::StatusOr<bool> BackupPieces::Open(std::string& out) {
  const SourceFile& source = files_[next_];
  auto opened = fs_.Open(source.path, /*create=*/false);
  if (!opened.ok()) return opened.status();
  // Of a segment that has become full meanwhile the rest does not count.
  const auto size = (*opened)->Size();
  if (!size.ok()) return size.status();
  if (*size != source.header.size) {
    return absl::UnavailableError(source.header.name +
                                  " was changed while it was read");
  }
  file_ = *std::move(opened);
  at_ = 0;
  hash_ = crypto::Sha256Stream();
  AppendTo(out, EncodeBackupFile(source.header));
  return true;
}

absl::StatusOr<bool> BackupPieces::Read(std::string& out) {
  const BackupFileHeader& header = files_[next_].header;
  const auto most = std::min<uint64_t>(kMost, header.length - at_);
  if (most > 0) {
    auto bytes = file_->ReadAt(at_, static_cast<size_t>(most));
    if (!bytes.ok()) return bytes.status();
    if (bytes->size() != most) {
      return absl::DataLossError(header.name + " has become shorter");
    }
    AppendTo(out, *bytes);
    hash_.Add(*bytes);
    // The server's own key is among them.
    crypto::Wipe(std::span(*bytes));
    at_ += most;
  }
  if (at_ == header.length) Close();
  return true;
}

void BackupPieces::Close() {
  const BackupFileHeader& header = files_[next_].header;
  manifest_.files.push_back({header.name, header.size, hash_.Finish()});
  file_.reset();
  ++next_;
}

}  // namespace sodality::core
