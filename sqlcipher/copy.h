// An online copy of a database into a new file under another key. Read next:
// connection.h.
#ifndef SODALITY_SQLCIPHER_COPY_H_
#define SODALITY_SQLCIPHER_COPY_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sqlcipher/connection.h"

namespace sodality::sqlcipher {

// Pages of 4 KiB.
struct CopyProgress {
  uint64_t done = 0;
  uint64_t total = 0;  // As many as there were at the last step.
};

// Copies pages step by step with sqlite3_backup. What `source` writes between
// steps is in the copy, too; it must be the only connection that writes to its
// database. A transaction that it rolls back may begin the copy anew. A copy
// that is not whole is no database: the destructor leaves the
// file to whoever began it.
//
// Thread safety: none; that of `source`, which outlives this. Secrets:
// SQLCipher keeps the new key in its own memory until the copy is whole.
class Copy final {
 public:
  // `path`: no file may be there. `key` as in OpenOptions; used here only.
  // Errors: ALREADY_EXISTS; those of Connection::Open.
  static absl::StatusOr<Copy> Begin(Connection& source, const std::string& path,
                                    std::span<const uint8_t> key);
  Copy(Copy&&) noexcept;
  ~Copy();

  // At most `pages` more, outside any transaction of `source`. True: all are
  // there, as of this moment, and durable; the file is closed, and this is not
  // to be used any more. After an error neither. Errors: as ToStatus; DATA_LOSS
  // when a page of `source` does not open.
  absl::StatusOr<bool> Step(int pages);
  [[nodiscard]] CopyProgress progress() const;

 private:
  struct State;
  explicit Copy(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Removes a database's file, log and log's index, as far as they are there;
// durable when OK. No connection may have it open. Errors: as ToStatus.
absl::Status RemoveDatabase(const std::string& path);

}  // namespace sodality::sqlcipher

#endif  // SODALITY_SQLCIPHER_COPY_H_
