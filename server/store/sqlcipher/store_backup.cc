// A copy of the store for a backup (docs/adr/0024-backup.md).
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/store/sqlcipher/integrity.h"
#include "server/store/sqlcipher/sqlcipher_store.h"
#include "server/store/sqlcipher/store_file.h"

namespace sodality::store {
namespace {

// A mebibyte: other writes wait as long.
constexpr int kBackupPagesAStep = 256;

}  // namespace

// Steps and end on the writer's thread.
class SqlcipherStore::BackupCopy final {
 public:
  BackupCopy(SqlcipherStore& store, const PageKeyVersion& key)
      : store_(store), key_(key) {}

  // True when the last page is there.
  absl::StatusOr<bool> Step() {
    writer_ = store_.CurrentWriter();
    if (const absl::Status s = writer_->status(); !s.ok()) return s;
    if (!pages_) {
      if (const absl::Status s = Begin(); !s.ok()) return s;
    }
    const std::string& path = store_.options_.path;
    const absl::Status room =
        CheckRoom(path, store_.options_.copy_reserve_bytes);
    if (!room.ok()) return room;
    return pages_->Step(kBackupPagesAStep);
  }
  void End() {
    pages_.reset();
    writer_.reset();
  }

 private:
  absl::Status Begin() {
    const std::string& path = store_.options_.path;
    const auto pages = writer_->CountPages();
    if (!pages.ok()) return pages.status();
    const absl::Status room =
        CheckRoom(path, *pages * sqlcipher::kPageBytes +
                            store_.options_.copy_reserve_bytes);
    if (!room.ok()) return room;
    auto begun = writer_->BeginCopy(BackupPathOf(path), key_.key);
    if (!begun.ok()) return begun.status();
    pages_.emplace(*std::move(begun));
    return absl::OkStatus();
  }

  SqlcipherStore& store_;
  const PageKeyVersion& key_;
  std::shared_ptr<Writer> writer_;
  std::optional<sqlcipher::Copy> pages_;
};

absl::StatusOr<StoreBackup> SqlcipherStore::BackUp(
    const PageKeyVersion& key, const std::function<absl::Status()>& at_end) {
  const platform::MutexLock one_file(backing_up_);
  if (const absl::Status s = RemoveBackup(); !s.ok()) return s;
  {
    const platform::MutexLock lock(mutex_);
    if (key.version != page_version_) {
      return absl::AbortedError("the store has another page key by now");
    }
  }
  BackupCopy copy(*this, key);
  absl::StatusOr<bool> whole = false;
  while (whole.ok() && !*whole) {
    queue_->Run([&] {
      whole =
          interrupted_ ? absl::CancelledError("the server stops") : copy.Step();
      if (whole.value_or(true)) copy.End();
      if (!whole.value_or(false)) return;
      if (absl::Status ended = at_end(); !ended.ok()) whole = ended;
    });
  }
  const absl::Status status = whole.ok() ? CheckBackup(key) : whole.status();
  if (!status.ok()) {
    // The first error is the one to tell; the next backup removes it, too.
    (void)RemoveBackup();
    return status;
  }
  const std::filesystem::path name(PathOf(options_.path, key.version));
  return StoreBackup{BackupPathOf(options_.path), name.filename().string()};
}

absl::Status SqlcipherStore::CheckBackup(const PageKeyVersion& key) {
  auto connection = sqlcipher::Connection::Open(
      {BackupPathOf(options_.path), key.key, sqlcipher::OpenMode::kExamine});
  if (!connection.ok()) return connection.status();
  connection->StopWhen(interrupted_);
  const auto findings = CheckTrees(*connection);
  if (!findings.ok()) return findings.status();
  if (findings->empty()) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat("the copy of the store: ", findings->front()));
}

absl::Status SqlcipherStore::RemoveBackup() {
  return sqlcipher::RemoveDatabase(BackupPathOf(options_.path));
}

}  // namespace sodality::store
