#include "server/app/unpacking.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "crypto/secret.h"
#include "server/app/named_file.h"

namespace sodality::app {
namespace {

// Says where, for whoever compares two copies of a backup.
absl::Status AtByte(const BackupInput& input, uint64_t offset,
                    const absl::Status& status) {
  if (!absl::IsDataLoss(status)) return status;
  return absl::DataLossError(absl::StrCat(input.path(), ": ", status.message(),
                                          " (at or behind byte ", offset, ")"));
}

}  // namespace

absl::Status FolderSink::Begin(const core::BackupFileHeader& file) {
  const bool segment =
      core::KindOfBackupFile(file.name) == core::BackupFileKind::kSegment;
  if (segment && !std::exchange(has_ledger_, true)) {
    if (auto s = platform::MakeFolder(LedgerFolder()); !s.ok()) return s;
  }
  auto made = fs_.Open(folder_.path() + "/" + file.name, /*create=*/true);
  if (!made.ok()) return made.status();
  file_ = *std::move(made);
  written_ = 0;
  return file.size == 0 ? absl::OkStatus() : file_->Allocate(file.size);
}

absl::Status FolderSink::Write(std::span<const uint8_t> bytes) {
  if (auto s = file_->WriteAt(written_, bytes); !s.ok()) return s;
  written_ += bytes.size();
  return absl::OkStatus();
}

absl::Status FolderSink::End() {
  const absl::Status synced = file_->Sync();
  file_.reset();
  return synced;
}

absl::Status FolderSink::Sync() {
  absl::Status s =
      has_ledger_ ? fs_.SyncFolder(LedgerFolder()) : absl::OkStatus();
  return s.ok() ? fs_.SyncFolder(folder_.path()) : s;
}

absl::StatusOr<core::BackupManifest> UnpackBackup(BackupInput& input,
                                                  const Unpacking& unpacking) {
  FolderSink sink(unpacking.fs, unpacking.folder);
  core::BackupReader reader(sink);
  for (bool last = false; !last;) {
    if (unpacking.stopped && unpacking.stopped()) {
      return absl::CancelledError("interrupted");
    }
    const auto sealed = input.ReadChunk();
    if (!sealed.ok()) return sealed.status();
    last = sealed->last;
    auto chunk = unpacking.opener.Open(sealed->bytes, last);
    absl::Status status = chunk.status();
    if (status.ok()) {
      status = reader.Add(chunk->Expose(crypto::AllowSecretAccess()));
    }
    if (!status.ok()) return AtByte(input, sealed->offset, status);
  }
  auto manifest = reader.Finish();
  if (!manifest.ok()) return InFile(input.path(), manifest.status());
  absl::Status status = platform::ReplaceFile(
      unpacking.fs, unpacking.folder.keyring(), unpacking.keyring_file);
  if (status.ok()) status = sink.Sync();
  if (!status.ok()) return status;
  return manifest;
}

}  // namespace sodality::app
