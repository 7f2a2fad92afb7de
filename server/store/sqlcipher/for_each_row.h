// The rows of a statement, one after the other.
#ifndef SODALITY_SERVER_STORE_SQLCIPHER_FOR_EACH_ROW_H_
#define SODALITY_SERVER_STORE_SQLCIPHER_FOR_EACH_ROW_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sqlcipher/statement.h"

namespace sodality::store {

// Hands each row to `use` until it returns false or an error.
template <class Use>
absl::Status ForEachRow(sqlcipher::Statement& statement, Use use) {
  const sqlcipher::StatementUse ended(statement);
  while (true) {
    const absl::StatusOr<bool> row = statement.Step();
    if (!row.ok()) return row.status();
    if (!*row) return absl::OkStatus();
    const absl::StatusOr<bool> more = use(statement);
    if (!more.ok()) return more.status();
    if (!*more) return absl::OkStatus();
  }
}

}  // namespace sodality::store

#endif  // SODALITY_SERVER_STORE_SQLCIPHER_FOR_EACH_ROW_H_
