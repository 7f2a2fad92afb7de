// Transactions, savepoints and snapshots that roll back unless told otherwise.
#ifndef SODALITY_SQLCIPHER_TRANSACTION_H_
#define SODALITY_SQLCIPHER_TRANSACTION_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sqlcipher/connection.h"

namespace sodality::sqlcipher {

// BEGIN IMMEDIATE: takes the write lock at once, so that it cannot fail half
// way for being behind another writer. The destructor rolls back.
class [[nodiscard]] Transaction {
 public:
  static absl::StatusOr<Transaction> Begin(Connection& connection);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  // Durable when OK. After an error nothing of it is stored, unless the error
  // is UNAVAILABLE: then what the medium holds is unknown until it is reopened.
  absl::Status Commit();
  absl::Status Rollback();

 private:
  explicit Transaction(Connection& connection) : connection_(&connection) {}
  Connection* connection_;
};

// A part of a transaction that can be undone alone. Savepoints nest.
class [[nodiscard]] Savepoint {
 public:
  static absl::StatusOr<Savepoint> Begin(Connection& connection);
  Savepoint(Savepoint&& other) noexcept;
  Savepoint& operator=(Savepoint&&) = delete;
  ~Savepoint();

  absl::Status Release();
  absl::Status Rollback();

 private:
  explicit Savepoint(Connection& connection) : connection_(&connection) {}
  Connection* connection_;
};

// One state of the database for several reads. Keep it short: a snapshot holds
// back the checkpoint of all that was written since.
class [[nodiscard]] Snapshot {
 public:
  static absl::StatusOr<Snapshot> Begin(Connection& connection);
  Snapshot(Snapshot&& other) noexcept;
  Snapshot& operator=(Snapshot&&) = delete;
  ~Snapshot();

 private:
  explicit Snapshot(Connection& connection) : connection_(&connection) {}
  Connection* connection_;
};

}  // namespace sodality::sqlcipher

#endif  // SODALITY_SQLCIPHER_TRANSACTION_H_
