#include "sqlcipher/copy.h"

#include <sqlite3.h>

#include <algorithm>
#include <utility>

#include "platform/file.h"
#include "sqlcipher/connection_state.h"
#include "sqlcipher/error.h"

namespace sodality::sqlcipher {
namespace {

// What stays dirty in memory is written at the end, while writers wait.
constexpr uint64_t kCacheBytes = 1 << 20;
// As much is synced at once, for the same reason.
constexpr int kPagesBetweenSyncs = 1024;

// Through SQLite's own descriptor: closing another would drop its locks.
absl::Status SyncFile(sqlite3* db) {
  sqlite3_file* file = nullptr;
  const int code =
      sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  if (code != SQLITE_OK) return ToStatus(code, "syncing the copy");
  return ToStatus(file->pMethods->xSync(file, SQLITE_SYNC_NORMAL),
                  "syncing the copy");
}

}  // namespace

struct Copy::State {
  explicit State(Connection opened) : target(std::move(opened)) {}
  ~State() {
    if (backup != nullptr) (void)sqlite3_backup_finish(backup);
  }

  // Ends the transaction in the target.
  absl::Status Finish() {
    const int code = sqlite3_backup_finish(std::exchange(backup, nullptr));
    return ToStatus(code, "ending the copy");
  }

  Connection target;
  sqlite3_backup* backup = nullptr;
  int unsynced = 0;
  CopyProgress progress;
};

Copy::Copy(std::unique_ptr<State> state) : state_(std::move(state)) {}
Copy::Copy(Copy&&) noexcept = default;
Copy::~Copy() = default;

absl::StatusOr<Copy> Copy::Begin(Connection& source, const std::string& path,
                                 std::span<const uint8_t> key) {
  auto target =
      Connection::Open({path, key, OpenMode::kCopyTarget, kCacheBytes});
  if (!target.ok()) return target.status();
  auto state = std::make_unique<State>(*std::move(target));
  sqlite3* const to = state->target.state_->db;
  state->backup = sqlite3_backup_init(to, "main", source.state_->db, "main");
  if (state->backup == nullptr) {
    return ToStatus(sqlite3_extended_errcode(to), "beginning the copy");
  }
  return Copy(std::move(state));
}

absl::StatusOr<bool> Copy::Step(int pages) {
  const int code = sqlite3_backup_step(state_->backup, pages);
  // So it says what SQLCipher says of a page that does not open.
  if (code == SQLITE_ERROR) {
    return absl::DataLossError("copying pages: a page is damaged");
  }
  if (code != SQLITE_OK && code != SQLITE_DONE) {
    return ToStatus(code, "copying pages");
  }
  const auto count = [&](int (*of)(sqlite3_backup*)) {
    return static_cast<uint64_t>(std::max(of(state_->backup), 0));
  };
  state_->progress.total = count(sqlite3_backup_pagecount);
  state_->progress.done =
      state_->progress.total - count(sqlite3_backup_remaining);
  sqlite3* const to = state_->target.state_->db;
  if (code == SQLITE_DONE) {
    absl::Status status = state_->Finish();
    if (status.ok()) status = SyncFile(to);
    if (!status.ok()) return status;
    state_.reset();
    return true;
  }
  state_->unsynced += pages;
  if (state_->unsynced < kPagesBetweenSyncs) return false;
  state_->unsynced = 0;
  const absl::Status synced = SyncFile(to);
  if (!synced.ok()) return synced;
  return false;
}

CopyProgress Copy::progress() const {
  return state_ == nullptr ? CopyProgress{} : state_->progress;
}

absl::Status RemoveDatabase(const std::string& path) {
  sqlite3_vfs* const files = sqlite3_vfs_find(nullptr);
  // The file last: without it a log would be of the next that has the name.
  for (const char* end : {"-wal", "-shm", ""}) {
    const std::string name = path + end;
    const int code = files->xDelete(files, name.c_str(), /*syncDir=*/1);
    if (code != SQLITE_OK && code != SQLITE_IOERR_DELETE_NOENT) {
      return ToStatus(code, "removing a database");
    }
  }
  // Of an earlier try that was cut off behind the last of them.
  return platform::PosixFileSystem().SyncFolder(FolderOf(path));
}

}  // namespace sodality::sqlcipher
