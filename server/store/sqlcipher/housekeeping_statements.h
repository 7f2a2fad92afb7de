// The SQL of what a group carries along besides its writes. Read next:
// writer.h.
#ifndef SODALITY_SERVER_STORE_SQLCIPHER_HOUSEKEEPING_STATEMENTS_H_
#define SODALITY_SERVER_STORE_SQLCIPHER_HOUSEKEEPING_STATEMENTS_H_

#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/store/group_writer.h"
#include "sqlcipher/connection.h"

namespace sodality::store {

// Prepared on the writer's connection, which outlives them and in whose
// transaction each call runs.
class HousekeepingStatements {
 public:
  static absl::StatusOr<HousekeepingStatements> Prepare(
      sqlcipher::Connection& connection);

  // The rows of the outbox and the requests that are over go, the ledger's
  // index comes; again is the same. What a failed call has done is undone by
  // the caller's transaction.
  absl::Status Keep(const Housekeeping& housekeeping);

 private:
  explicit HousekeepingStatements(std::vector<sqlcipher::Statement> statements)
      : statements_(std::move(statements)) {}

  absl::Status PutIndexRows(const Housekeeping& housekeeping);

  std::vector<sqlcipher::Statement> statements_;
};

}  // namespace sodality::store

#endif  // SODALITY_SERVER_STORE_SQLCIPHER_HOUSEKEEPING_STATEMENTS_H_
