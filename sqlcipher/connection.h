// One connection to an encrypted database, with the project's rules set and
// read back. This folder is the only code that includes sqlite3.h; nobody
// outside it can open a database without the rules. Read next: statement.h.
#ifndef SODALITY_SQLCIPHER_CONNECTION_H_
#define SODALITY_SQLCIPHER_CONNECTION_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sqlcipher/statement.h"

struct sqlite3;

namespace sodality::sqlcipher {

inline constexpr size_t kKeyBytes = 32;
inline constexpr size_t kSaltBytes = 16;

enum class OpenMode {
  kReadOnly,   // SQLITE_OPEN_READONLY: such a connection never checkpoints.
  kReadWrite,  // The file must be there.
  kCreate,     // Made, with mode 0600, when it is absent.
};

struct OpenOptions {
  std::string path;
  std::span<const uint8_t> key;  // Page key, then salt; used during Open only.
  OpenMode mode = OpenMode::kReadOnly;
  uint64_t cache_bytes = 8 << 20;  // Decrypted pages kept in memory.
};

enum class CheckpointMode { kPassive, kTruncate };

struct CheckpointResult {
  int log_frames = 0;  // Pages in the write-ahead log.
  int done_frames = 0;
};

// FAILED_PRECONDITION, naming both versions, unless the SQLCipher linked is 4.6
// or later. Called by Open too.
absl::Status CheckVersion();
// The same for the text of `PRAGMA cipher_version`.
absl::Status CheckVersionText(std::string_view version);

// Rules of every connection: temp_store=MEMORY (Debian's build would spill
// plaintext sorts to /var/tmp), synchronous=FULL, journal_mode=WAL,
// wal_autocheckpoint=0, secure_delete=ON, trusted_schema=OFF, auto_vacuum=NONE,
// cell_size_check=ON, foreign_keys=OFF, mmap_size=0, encryption on; log and
// extension loading off. Never rekeyed: a new key is a new file.
//
// Thread safety: none; one thread at a time. Secrets: SQLCipher keeps the key
// in its own memory until the connection closes.
class Connection {
 public:
  // Errors: INVALID_ARGUMENT for a key that is not 48 bytes; NOT_FOUND when the
  // file is absent; PERMISSION_DENIED when the file was made under another
  // salt, so under another key; DATA_LOSS when its first page does not open
  // under its own salt; FAILED_PRECONDITION naming a rule that does not hold,
  // or the version; others as ToStatus.
  static absl::StatusOr<Connection> Open(const OpenOptions& options);
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  // Statements must be gone. A connection that is the last one checkpoints,
  // unless it is read-only.
  ~Connection();

  // `sql` is one statement, a constant of the program.
  absl::StatusOr<Statement> Prepare(std::string_view sql);
  // Runs statements without parameters or results, separated by semicolons.
  absl::Status Execute(const char* sql);
  // The first column of the first row. NOT_FOUND without a row.
  absl::StatusOr<int64_t> QueryInt(std::string_view sql);
  // The first column of every row.
  absl::StatusOr<std::vector<std::string>> QueryTexts(std::string_view sql);

  // FAILED_PRECONDITION when readers kept the log from being truncated.
  absl::StatusOr<CheckpointResult> Checkpoint(CheckpointMode mode);
  // Pages in the write-ahead log after the last commit of this connection.
  [[nodiscard]] int log_frames() const;
  [[nodiscard]] int page_bytes() const;
  // False inside a transaction, also after SQLite rolled one back by itself.
  [[nodiscard]] bool autocommit() const;
  // Rows changed by the last INSERT, UPDATE or DELETE.
  [[nodiscard]] int64_t changes() const;

 private:
  struct State;
  explicit Connection(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace sodality::sqlcipher

#endif  // SODALITY_SQLCIPHER_CONNECTION_H_
