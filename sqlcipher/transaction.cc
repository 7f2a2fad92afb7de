#include "sqlcipher/transaction.h"

#include <utility>

namespace sodality::sqlcipher {

absl::StatusOr<Transaction> Transaction::Begin(Connection& connection) {
  const absl::Status begun = connection.Execute("BEGIN IMMEDIATE");
  if (!begun.ok()) return begun;
  return Transaction(connection);
}

Transaction::Transaction(Transaction&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)) {}

Transaction::~Transaction() {
  // A failed rollback leaves the transaction to the next Begin, which fails.
  if (connection_ != nullptr) (void)Rollback();
}

absl::Status Transaction::Commit() {
  const absl::Status committed = connection_->Execute("COMMIT");
  if (committed.ok()) connection_ = nullptr;
  return committed;
}

absl::Status Transaction::Rollback() {
  Connection& connection = *std::exchange(connection_, nullptr);
  // SQLite rolls back by itself after some errors, a full disk among them.
  if (connection.autocommit()) return absl::OkStatus();
  return connection.Execute("ROLLBACK");
}

absl::StatusOr<Savepoint> Savepoint::Begin(Connection& connection) {
  const absl::Status begun = connection.Execute("SAVEPOINT part");
  if (!begun.ok()) return begun;
  return Savepoint(connection);
}

Savepoint::Savepoint(Savepoint&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)) {}

Savepoint::~Savepoint() {
  if (connection_ != nullptr) (void)Rollback();
}

absl::Status Savepoint::Release() {
  const absl::Status released = connection_->Execute("RELEASE part");
  if (released.ok()) connection_ = nullptr;
  return released;
}

absl::Status Savepoint::Rollback() {
  Connection& connection = *std::exchange(connection_, nullptr);
  if (connection.autocommit()) return absl::OkStatus();
  return connection.Execute("ROLLBACK TO part; RELEASE part");
}

absl::StatusOr<Snapshot> Snapshot::Begin(Connection& connection) {
  const absl::Status begun = connection.Execute("BEGIN");
  if (!begun.ok()) return begun;
  return Snapshot(connection);
}

Snapshot::Snapshot(Snapshot&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)) {}

Snapshot::~Snapshot() {
  // Nothing was written; an error here shows again at the next Begin.
  if (connection_ != nullptr && !connection_->autocommit()) {
    (void)connection_->Execute("COMMIT");
  }
}

}  // namespace sodality::sqlcipher
