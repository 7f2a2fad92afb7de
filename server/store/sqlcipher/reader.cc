#include "server/store/sqlcipher/reader.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include "server/store/sqlcipher/for_each_row.h"
#include "server/store/sqlcipher/packing.h"
#include "server/store/sqlcipher/posting.h"
#include "server/store/sqlcipher/record_row.h"
#include "server/store/sqlcipher/schema.h"
#include "sqlcipher/transaction.h"

namespace sodality::store {
namespace {

using sqlcipher::Statement;
using sqlcipher::StatementUse;

enum Sql : size_t {
  kMember,
  kMembersFrom,
  kTokenMembers,
  kAccessRows,
  kState,
  kRequest,
  kWrapCounts,
  kOutbox,
  kIndexEntries,
  kSqlCount,
};

constexpr std::array<std::string_view, kSqlCount> kSql = {
    "SELECT id, revision, changed_at, wrap_version,"
    " substr(tokens, 1, 2), sealed FROM members WHERE key = ?",
    "SELECT id, revision, changed_at, wrap_version,"
    " substr(tokens, 1, 2), sealed FROM members WHERE key >= ? ORDER BY key",
    "SELECT member FROM tokens WHERE key = ? AND member >= ?"
    " ORDER BY member LIMIT ?",
    "SELECT kind, id, version, sealed FROM access_rows",
    "SELECT revision, indexed_through, digest FROM state",
    "SELECT sealed FROM requests WHERE key = ?",
    "SELECT wrap_version, members FROM wrap_counts WHERE members <> 0"
    " ORDER BY wrap_version",
    "SELECT revision, entry FROM outbox ORDER BY revision",
    "SELECT entry FROM ledger_index WHERE run = ? AND tag = ? AND entry < ?"
    " ORDER BY entry DESC LIMIT ?",
};

Bytes Copy(std::span<const uint8_t> bytes) {
  return Bytes(bytes.begin(), bytes.end());
}

template <class Read>
auto ReadState(Statement& state, Read read)
    -> absl::StatusOr<decltype(read(state))> {
  const StatementUse ended(state);
  const absl::StatusOr<bool> row = state.Step();
  if (!row.ok()) return row.status();
  if (!*row) return absl::DataLossError("the store's state row is gone");
  return read(state);
}

// Two ids may share a key only in a query: `after` need not exist.
bool IsBehind(const MemberId& id, const std::optional<MemberId>& after) {
  return !after || id > *after;
}

int64_t FirstKey(const std::optional<MemberId>& after) {
  return after ? RowKey(*after) : 0;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Reader>> Reader::Open(
    const sqlcipher::OpenOptions& options) {
  auto connection = sqlcipher::Connection::Open(options);
  if (!connection.ok()) return connection.status();
  auto statements = connection->PrepareAll(kSql);
  if (!statements.ok()) return statements.status();
  auto holders = HolderKeys::Prepare(*connection);
  if (!holders.ok()) return holders.status();
  return std::unique_ptr<Reader>(new Reader(
      *std::move(connection), *std::move(statements), *std::move(holders)));
}

Reader::Reader(sqlcipher::Connection connection,
               std::vector<Statement> statements, HolderKeys holders)
    : connection_(std::move(connection)),
      statements_(std::move(statements)),
      holders_(std::move(holders)) {}

absl::StatusOr<MemberRecord> Reader::ReadMember(int64_t key) {
  Statement& statement = statements_[kMember];
  const StatementUse ended(statement);
  const absl::StatusOr<bool> row = statement.Bind(1, key).Step();
  if (!row.ok()) return row.status();
  if (!*row) return absl::NotFoundError("no such member");
  return RecordOf(statement);
}

absl::StatusOr<MemberRecord> Reader::ReadIndexed(int64_t key) {
  absl::StatusOr<MemberRecord> record = ReadMember(key);
  if (!absl::IsNotFound(record.status())) return record;
  return absl::DataLossError("the search index names an absent member");
}

absl::StatusOr<MemberRecord> Reader::Get(const MemberId& id) {
  absl::StatusOr<MemberRecord> record = ReadMember(RowKey(id));
  if (record.ok() && record->id != id) {
    return absl::NotFoundError("no such member");
  }
  return record;
}

absl::StatusOr<std::vector<MemberRecord>> Reader::Find(
    const TokenQuery& query, const std::optional<MemberId>& after,
    size_t limit) {
  return query.all_of.empty() ? FindAll(after, limit)
                              : FindByTokens(query, after, limit);
}

absl::StatusOr<std::vector<MemberRecord>> Reader::FindAll(
    const std::optional<MemberId>& after, size_t limit) {
  std::vector<MemberRecord> found;
  Statement& statement = statements_[kMembersFrom];
  statement.Bind(1, FirstKey(after));
  const absl::Status read =
      ForEachRow(statement, [&](const Statement& row) -> absl::StatusOr<bool> {
        absl::StatusOr<MemberRecord> record = RecordOf(row);
        if (!record.ok()) return record.status();
        if (IsBehind(record->id, after)) found.push_back(*std::move(record));
        return found.size() < limit;
      });
  if (!read.ok()) return read;
  return found;
}

absl::StatusOr<std::vector<MemberRecord>> Reader::FindByTokens(
    const TokenQuery& query, const std::optional<MemberId>& after,
    size_t limit) {
  const auto snapshot = sqlcipher::Snapshot::Begin(connection_);
  if (!snapshot.ok()) return snapshot.status();
  QueryMembers members(statements_[kTokenMembers], query);
  std::vector<MemberRecord> found;
  int64_t from = FirstKey(after);
  while (found.size() < limit) {
    const absl::StatusOr<std::optional<int64_t>> key = members.Seek(from);
    if (!key.ok()) return key.status();
    if (!*key) break;
    absl::StatusOr<MemberRecord> record = ReadIndexed(**key);
    if (!record.ok()) return record.status();
    if (IsBehind(record->id, after)) found.push_back(*std::move(record));
    if (**key == std::numeric_limits<int64_t>::max()) break;
    from = **key + 1;
  }
  return found;
}

absl::Status Reader::VisitHolders(const HolderQuery& query,
                                  const MemberVisitor& visit) {
  const auto snapshot = sqlcipher::Snapshot::Begin(connection_);
  if (!snapshot.ok()) return snapshot.status();
  const auto keys = holders_.Find(query);
  if (!keys.ok()) return keys.status();
  for (const int64_t key : *keys) {
    absl::StatusOr<MemberRecord> record = ReadIndexed(key);
    if (!record.ok()) return record.status();
    const absl::Status visited = visit(*std::move(record));
    if (!visited.ok()) return visited;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::pair<MemberId, uint64_t>>> Reader::ListMembers(
    const std::optional<MemberId>& after, size_t limit) {
  std::vector<std::pair<MemberId, uint64_t>> listed;
  Statement& statement = statements_[kMembersFrom];
  statement.Bind(1, FirstKey(after));
  const absl::Status read =
      ForEachRow(statement, [&](const Statement& row) -> absl::StatusOr<bool> {
        const absl::StatusOr<IdBytes> id = ReadId(row.Blob(0));
        if (!id.ok()) return id.status();
        if (IsBehind({*id}, after)) {
          listed.emplace_back(MemberId{*id}, row.Uint(1));
        }
        return listed.size() < limit;
      });
  if (!read.ok()) return read;
  return listed;
}

absl::StatusOr<std::vector<AccessRow>> Reader::ReadAccessRows() {
  std::vector<AccessRow> rows;
  const absl::Status read =
      ForEachRow(statements_[kAccessRows],
                 [&](const Statement& row) -> absl::StatusOr<bool> {
                   const absl::StatusOr<IdBytes> id = ReadId(row.Blob(1));
                   if (!id.ok()) return id.status();
                   rows.push_back({static_cast<AccessTable>(row.Int(0)), *id,
                                   row.Uint(2), Copy(row.Blob(3))});
                   return true;
                 });
  if (!read.ok()) return read;
  return rows;
}

absl::StatusOr<Bytes> Reader::ReadDigest() {
  return ReadState(statements_[kState],
                   [](const Statement& state) { return Copy(state.Blob(2)); });
}

absl::StatusOr<Revision> Reader::LastRevision() {
  return ReadState(statements_[kState],
                   [](const Statement& state) { return state.Uint(0); });
}

absl::StatusOr<uint64_t> Reader::LedgerIndexedThrough() {
  return ReadState(statements_[kState],
                   [](const Statement& state) { return state.Uint(1); });
}

absl::StatusOr<Bytes> Reader::FindRequest(const RequestKey& key) {
  Statement& statement = statements_[kRequest];
  const StatementUse ended(statement);
  const absl::StatusOr<bool> row = statement.Bind(1, key.bytes).Step();
  if (!row.ok()) return row.status();
  if (!*row) return absl::NotFoundError("no such request");
  return Copy(statement.Blob(0));
}

absl::StatusOr<StoreCounts> Reader::Counts() {
  StoreCounts counts;
  const absl::Status read =
      ForEachRow(statements_[kWrapCounts],
                 [&](const Statement& row) -> absl::StatusOr<bool> {
                   counts.members += row.Uint(1);
                   counts.members_by_wrap_version.emplace_back(
                       static_cast<uint32_t>(row.Int(0)), row.Uint(1));
                   return true;
                 });
  if (!read.ok()) return read;
  const auto oldest = holders_.OldestIndexVersion();
  if (!oldest.ok()) return oldest.status();
  counts.oldest_index_version = *oldest;
  return counts;
}

absl::StatusOr<std::vector<OutboxRow>> Reader::ReadOutbox() {
  std::vector<OutboxRow> rows;
  const absl::Status read = ForEachRow(
      statements_[kOutbox], [&](const Statement& row) -> absl::StatusOr<bool> {
        rows.push_back({row.Uint(0), Copy(row.Blob(1))});
        return true;
      });
  if (!read.ok()) return read;
  return rows;
}

absl::StatusOr<std::vector<uint64_t>> Reader::FindLedgerEntries(
    const LedgerTag& tag, uint64_t before, size_t limit) {
  const auto snapshot = sqlcipher::Snapshot::Begin(connection_);
  if (!snapshot.ok()) return snapshot.status();
  const absl::StatusOr<uint64_t> through = LedgerIndexedThrough();
  if (!through.ok()) return through.status();
  const uint64_t below =
      before == 0 ? *through + 1 : std::min(before, *through + 1);
  std::vector<uint64_t> entries;
  const absl::Status read = AppendEntries(tag, below, limit, entries);
  if (!read.ok()) return read;
  return entries;
}

absl::Status Reader::AppendEntries(const LedgerTag& tag, uint64_t below,
                                   size_t limit,
                                   std::vector<uint64_t>& entries) {
  Statement& statement = statements_[kIndexEntries];
  for (uint64_t runs = (below >> kIndexRunBits) + 1;
       runs > 0 && entries.size() < limit; --runs) {
    statement.Bind(1, runs - 1)
        .Bind(2, tag.bytes)
        .Bind(3, below)
        .Bind(4, uint64_t{limit - entries.size()});
    const absl::Status read = ForEachRow(
        statement, [&](const Statement& row) -> absl::StatusOr<bool> {
          entries.push_back(row.Uint(0));
          return true;
        });
    if (!read.ok()) return read;
  }
  return absl::OkStatus();
}

}  // namespace sodality::store
