#include "server/store/sqlcipher/housekeeping_statements.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <tuple>
#include <utility>

#include "server/store/sqlcipher/schema.h"

namespace sodality::store {
namespace {

enum Sql : size_t {
  kEraseOutbox,
  kExpireRequests,
  kAddIndexRow,
  kPutIndexed,
  kSqlCount,
};

constexpr std::array<std::string_view, kSqlCount> kSql = {
    "DELETE FROM outbox WHERE revision <= ?",
    "DELETE FROM requests WHERE expires < ?",
    "INSERT OR IGNORE INTO ledger_index(run, tag, entry) VALUES(?, ?, ?)",
    "UPDATE state SET indexed_through = max(indexed_through, ?)",
};

}  // namespace

absl::StatusOr<HousekeepingStatements> HousekeepingStatements::Prepare(
    sqlcipher::Connection& connection) {
  auto statements = connection.PrepareAll(kSql);
  if (!statements.ok()) return statements.status();
  return HousekeepingStatements(*std::move(statements));
}

absl::Status HousekeepingStatements::Keep(const Housekeeping& housekeeping) {
  absl::Status status;
  if (housekeeping.outbox_through != 0) {
    status =
        statements_[kEraseOutbox].Bind(1, housekeeping.outbox_through).Run();
  }
  if (status.ok() && housekeeping.expire_before) {
    status = statements_[kExpireRequests]
                 .Bind(1, housekeeping.expire_before->millis)
                 .Run();
  }
  if (status.ok() && housekeeping.indexed_through != 0) {
    status = PutIndexRows(housekeeping);
  }
  return status;
}

absl::Status HousekeepingStatements::PutIndexRows(
    const Housekeeping& housekeeping) {
  std::vector<LedgerIndexRow> rows = housekeeping.index_rows;
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return std::tuple(a.entry >> kIndexRunBits, a.tag, a.entry) <
           std::tuple(b.entry >> kIndexRunBits, b.tag, b.entry);
  });
  for (const LedgerIndexRow& row : rows) {
    const absl::Status added = statements_[kAddIndexRow]
                                   .Bind(1, row.entry >> kIndexRunBits)
                                   .Bind(2, row.tag.bytes)
                                   .Bind(3, row.entry)
                                   .Run();
    if (!added.ok()) return added;
  }
  return statements_[kPutIndexed].Bind(1, housekeeping.indexed_through).Run();
}

}  // namespace sodality::store
