// A prepared statement, kept and used again. Read next: transaction.h.
#ifndef SODALITY_SQLCIPHER_STATEMENT_H_
#define SODALITY_SQLCIPHER_STATEMENT_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

struct sqlite3_stmt;

namespace sodality::sqlcipher {

// Bind from index 1, Step until false or use Run; columns count from 0. A bind
// that fails is reported by the next Step or Run. Thread safety: that of its
// connection, which outlives it.
class Statement {
 public:
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&& other) noexcept;
  ~Statement();

  Statement& Bind(int index, int64_t value);
  Statement& Bind(int index, uint64_t value);  // As the same 64 bits.
  // The bytes are not copied: they stay until Reset or the end of Run.
  Statement& Bind(int index, std::span<const uint8_t> value);
  Statement& Bind(int index, std::string_view text);

  // True: a row is there to be read. After false or an error the statement is
  // reset, ready for the next use.
  absl::StatusOr<bool> Step();
  // Runs to the end, ignoring rows.
  absl::Status Run();
  // Ends a use before its last row; forgets what was bound.
  void Reset();

  [[nodiscard]] int64_t Int(int column) const;
  [[nodiscard]] uint64_t Uint(int column) const;
  // Valid until the next Step or Reset.
  [[nodiscard]] std::span<const uint8_t> Blob(int column) const;
  [[nodiscard]] std::string Text(int column) const;

 private:
  friend class Connection;
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
  void Note(int code);

  sqlite3_stmt* statement_ = nullptr;
  int bind_error_ = 0;
};

// Resets a statement at the end of a scope that may leave rows unread: an open
// read holds its snapshot, and with it the write-ahead log.
class [[nodiscard]] StatementUse {
 public:
  explicit StatementUse(Statement& statement) : statement_(statement) {}
  ~StatementUse() { statement_.Reset(); }
  StatementUse(const StatementUse&) = delete;
  StatementUse& operator=(const StatementUse&) = delete;

 private:
  Statement& statement_;
};

}  // namespace sodality::sqlcipher

#endif  // SODALITY_SQLCIPHER_STATEMENT_H_
