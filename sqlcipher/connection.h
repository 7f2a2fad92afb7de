// One connection to an encrypted database, with the project's rules set and
// read back. This folder is the only code that includes sqlite3.h; nobody
// outside it can open a database without the rules. Read next: statement.h.
#ifndef SODALITY_SQLCIPHER_CONNECTION_H_
#define SODALITY_SQLCIPHER_CONNECTION_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sqlcipher/statement.h"

namespace sodality::sqlcipher {

inline constexpr size_t kKeyBytes = 32;
inline constexpr size_t kSaltBytes = 16;
inline constexpr uint64_t kPageBytes = 4096;

enum class OpenMode {
  kReadOnly,   // Never checkpoints.
  kReadWrite,  // The file must be there.
  kCreate,     // Made, with mode 0600, when it is absent.
  // As kReadOnly with the write-ahead log replayed in memory alone: no file is
  // made or changed. Nobody else may have the database open.
  kExamine,
  // As kCreate, but no file may be there, and without a write-ahead log: for
  // Copy.
  kCopyTarget,
};

struct OpenOptions {
  std::string path;
  std::span<const uint8_t> key;  // Page key, then salt; used during Open only.
  OpenMode mode = OpenMode::kReadOnly;
  uint64_t cache_bytes = 8 << 20;  // Decrypted pages kept in memory.
};

enum class CheckpointMode {
  kPassive,   // As far as readers allow.
  kRestart,   // Waits for readers, so that the log begins anew.
  kTruncate,  // The same, and empties the log's file.
};

// In pages.
struct CheckpointResult {
  int log_frames = 0;   // In the write-ahead log.
  int done_frames = 0;  // Of these, folded into the file.
};

// Rules of every connection: temp_store=MEMORY (Debian's build would spill
// plaintext sorts to /var/tmp), synchronous=FULL, journal_mode=WAL,
// wal_autocheckpoint=0, secure_delete=ON, trusted_schema=OFF, auto_vacuum=NONE,
// cell_size_check=ON, foreign_keys=OFF, mmap_size=0, encryption on; log and
// extension loading off; no checkpoint but by Checkpoint. Never rekeyed: a new
// key is a new file (copy.h).
//
// Thread safety: none; one thread at a time. Secrets: SQLCipher keeps the key
// in its own memory until the connection closes.
class Connection {
 public:
  // Errors: INVALID_ARGUMENT for a key that is not 48 bytes; NOT_FOUND when the
  // file is absent; PERMISSION_DENIED when the file was made under another
  // salt, so under another key; DATA_LOSS when it is empty or its first page
  // does not open under its own salt; FAILED_PRECONDITION naming a rule that
  // does not hold,
  // or the version; others as ToStatus.
  static absl::StatusOr<Connection> Open(const OpenOptions& options);
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  // Statements must be gone. Never checkpoints: a log that could not be synced
  // must not be folded in by a close.
  ~Connection();

  // `sql` is one statement, a constant of the program.
  absl::StatusOr<Statement> Prepare(std::string_view sql);
  absl::StatusOr<std::vector<Statement>> PrepareAll(
      std::span<const std::string_view> sql);
  // Runs statements without parameters or results, separated by semicolons.
  absl::Status Execute(const char* sql);
  // The first column of the first row. NOT_FOUND without a row.
  absl::StatusOr<int64_t> QueryInt(std::string_view sql);
  // The first column of every row.
  absl::StatusOr<std::vector<std::string>> QueryTexts(std::string_view sql);

  // FAILED_PRECONDITION on a read-only connection, and when readers stood in
  // the way for five seconds.
  absl::StatusOr<CheckpointResult> Checkpoint(CheckpointMode mode);
  // Decrypted pages kept in memory from now on.
  absl::Status SetCache(uint64_t bytes);
  // From when `stop` is true on, whatever runs ends soon, CANCELLED. `stop`
  // outlives the connection.
  void StopWhen(const std::atomic<bool>& stop);
  // Pages in the write-ahead log after the last commit of this connection.
  [[nodiscard]] int log_frames() const;
  [[nodiscard]] bool writable() const;
  // The pages of which the log's file holds a version, damaged or not.
  absl::StatusOr<std::set<uint32_t>> PagesInLog() const;
  // False inside a transaction, also after SQLite rolled one back by itself.
  [[nodiscard]] bool autocommit() const;

 private:
  friend class Copy;
  struct State;
  explicit Connection(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace sodality::sqlcipher

#endif  // SODALITY_SQLCIPHER_CONNECTION_H_
