// Schema history (PRAGMA user_version). Forward only; each version leaves a
// frozen fixture in tests/compat.
//
//   version  program  what changed
//   1        0.1      the first: members, tokens, access_rows, requests,
//                     outbox, ledger_index, wrap_counts, state
#include "server/store/sqlcipher/schema.h"

#include <array>
#include <string>

#include "absl/strings/str_cat.h"
#include "sqlcipher/transaction.h"

namespace sodality::store {
namespace {

// kMigrations[n] leads from version n to n + 1.
//
// members.key and tokens.member: RowKey of the id. tokens.key: PackToken.
// members.tokens: that member's rows in `tokens`, so that they can be taken
// out without an index by member. wrap_counts: members by wrap-key version.
constexpr std::array<const char*, kSchemaVersion> kMigrations = {R"sql(
CREATE TABLE members(
  key INTEGER PRIMARY KEY,
  id BLOB NOT NULL,
  revision INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  wrap_version INTEGER NOT NULL,
  tokens BLOB NOT NULL,
  sealed BLOB NOT NULL
) STRICT;
CREATE TABLE tokens(
  key INTEGER NOT NULL,
  member INTEGER NOT NULL,
  PRIMARY KEY(key, member)
) STRICT, WITHOUT ROWID;
CREATE TABLE access_rows(
  kind INTEGER NOT NULL,
  id BLOB NOT NULL,
  version INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY(kind, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE requests(
  key BLOB PRIMARY KEY,
  expires INTEGER NOT NULL,
  sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX requests_by_expiry ON requests(expires);
CREATE TABLE outbox(
  revision INTEGER PRIMARY KEY,
  entry BLOB NOT NULL
) STRICT;
CREATE TABLE ledger_index(
  run INTEGER NOT NULL,
  tag BLOB NOT NULL,
  entry INTEGER NOT NULL,
  PRIMARY KEY(run, tag, entry)
) STRICT, WITHOUT ROWID;
CREATE TABLE wrap_counts(
  wrap_version INTEGER PRIMARY KEY,
  members INTEGER NOT NULL
) STRICT;
CREATE TABLE state(
  one INTEGER PRIMARY KEY CHECK(one = 1),
  revision INTEGER NOT NULL,
  indexed_through INTEGER NOT NULL,
  digest BLOB NOT NULL
) STRICT;
INSERT INTO state VALUES(1, 0, 0, x'');
)sql"};

struct Found {
  int64_t application = 0;
  int64_t version = 0;
  int64_t tables = 0;
};

absl::StatusOr<Found> Look(sqlcipher::Connection& connection) {
  const auto application = connection.QueryInt("PRAGMA application_id");
  const auto version = connection.QueryInt("PRAGMA user_version");
  const auto tables = connection.QueryInt("SELECT count(*) FROM sqlite_schema");
  for (const auto* answer : {&application, &version, &tables}) {
    if (!answer->ok()) return answer->status();
  }
  return Found{*application, *version, *tables};
}

absl::Status CheckFound(const Found& found, bool create) {
  if (found.tables == 0 && found.version == 0) {
    return create ? absl::OkStatus()
                  : absl::FailedPreconditionError(
                        "the database is empty: no member store was made here");
  }
  if (found.application != kApplicationId || found.version < 1) {
    return absl::FailedPreconditionError("the database is no member store");
  }
  if (found.version > kSchemaVersion) {
    return absl::FailedPreconditionError(
        absl::StrCat("the member store has schema version ", found.version,
                     " and this program knows versions up to ", kSchemaVersion,
                     ": it was written by a newer program"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status PrepareSchema(sqlcipher::Connection& connection, bool create) {
  const absl::StatusOr<Found> found = Look(connection);
  if (!found.ok()) return found.status();
  absl::Status status = CheckFound(*found, create);
  if (!status.ok() || found->version == kSchemaVersion) return status;
  auto transaction = sqlcipher::Transaction::Begin(connection);
  if (!transaction.ok()) return transaction.status();
  for (auto step = static_cast<size_t>(found->version);
       step < kMigrations.size() && status.ok(); ++step) {
    status = connection.Execute(kMigrations.at(step));
  }
  const std::string mark =
      absl::StrCat("PRAGMA application_id=", kApplicationId,
                   "; PRAGMA user_version=", kSchemaVersion);
  if (status.ok()) status = connection.Execute(mark.c_str());
  if (status.ok()) status = transaction->Commit();
  return status;
}

}  // namespace sodality::store
