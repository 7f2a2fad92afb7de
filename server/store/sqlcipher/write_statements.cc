#include "server/store/sqlcipher/write_statements.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "server/store/limits.h"

namespace sodality::store {
namespace {

using sqlcipher::Statement;
using sqlcipher::StatementUse;

enum Sql : size_t {
  kFindMember,
  kAddMember,
  kChangeMember,
  kEraseMember,
  kFindRow,
  kPutRow,
  kEraseRow,
  kAddRequest,
  kAddOutbox,
  kPutState,
  kPutRevision,
  kSqlCount,
};

constexpr std::array<std::string_view, kSqlCount> kSql = {
    "SELECT id, revision, wrap_version, tokens FROM members WHERE key = ?",
    "INSERT INTO members(key, id, revision, changed_at, wrap_version, tokens,"
    " sealed) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    "UPDATE members SET id = ?2, revision = ?3, changed_at = ?4,"
    " wrap_version = ?5, tokens = ?6, sealed = ?7 WHERE key = ?1",
    "DELETE FROM members WHERE key = ?",
    "SELECT version FROM access_rows WHERE kind = ? AND id = ?",
    "INSERT OR REPLACE INTO access_rows(kind, id, version, sealed)"
    " VALUES(?, ?, ?, ?)",
    "DELETE FROM access_rows WHERE kind = ? AND id = ?",
    "INSERT INTO requests(key, expires, sealed) VALUES(?, ?, ?)",
    "INSERT INTO outbox(revision, entry) VALUES(?, ?)",
    "UPDATE state SET revision = ?, digest = ?",
    "UPDATE state SET revision = ?",
};

absl::Status Changed() {
  return absl::AbortedError("the member was changed meanwhile");
}

absl::Status RowChanged() {
  return absl::AbortedError("the row was changed meanwhile");
}

uint8_t Number(AccessTable table) { return static_cast<uint8_t>(table); }

}  // namespace

void WriteEffects::Append(const WriteEffects& later) {
  changes.insert(changes.end(), later.changes.begin(), later.changes.end());
  for (const auto& [version, difference] : later.members_by_wrap_version) {
    members_by_wrap_version[version] += difference;
  }
}

absl::StatusOr<WriteStatements> WriteStatements::Prepare(
    sqlcipher::Connection& connection) {
  auto statements = connection.PrepareAll(kSql);
  if (!statements.ok()) return statements.status();
  auto wraps = WrapStatements::Prepare(connection);
  if (!wraps.ok()) return wraps.status();
  auto tokens = TokenStatements::Prepare(connection);
  if (!tokens.ok()) return tokens.status();
  return WriteStatements(*std::move(statements), *std::move(wraps),
                         *std::move(tokens));
}

absl::StatusOr<WriteEffects> WriteStatements::Apply(
    const Write& write, Revision revision, const WriteEffects& before) {
  Pending pending;
  pending.revision = revision;
  absl::Status status = CheckWrite(write);
  const auto each = [&](const auto& parts, auto apply) {
    for (auto part = parts.begin(); part != parts.end() && status.ok();
         ++part) {
      status = apply(*part);
    }
  };
  const auto put = [&](const auto& part) { return Put(part, pending); };
  const auto erase = [&](const auto& part) { return Erase(part, pending); };
  each(write.put_members, put);
  each(write.erase_members, erase);
  WrapCounts& counts = pending.effects.members_by_wrap_version;
  each(write.rewrap_members,
       [&](const auto& part) { return wraps_.Rewrap(part, counts); });
  each(write.retoken_members,
       [&](const auto& part) { return tokens_.Retoken(part, pending.tokens); });
  each(write.put_rows, put);
  each(write.erase_rows, erase);
  if (status.ok() && write.request) status = Put(*write.request);
  if (status.ok()) status = tokens_.Apply(pending.tokens);
  if (status.ok()) {
    status =
        statements_[kAddOutbox].Bind(1, revision).Bind(2, write.outbox).Run();
  }
  if (status.ok() && write.retire_wrap_below) {
    const std::array uncounted = {&before.members_by_wrap_version,
                                  &std::as_const(counts)};
    status = wraps_.RetireBelow(*write.retire_wrap_below, uncounted);
  }
  if (status.ok() && write.retire_index_below) {
    status = tokens_.RetireBelow(*write.retire_index_below);
  }
  if (!status.ok()) return status;
  return std::move(pending.effects);
}

absl::StatusOr<WriteStatements::Stored> WriteStatements::FindMember(
    const MemberId& id, uint64_t expected) {
  Statement& statement = statements_[kFindMember];
  const StatementUse ended(statement);
  const absl::StatusOr<bool> row = statement.Bind(1, RowKey(id)).Step();
  if (!row.ok()) return row.status();
  if (!*row)
    return expected == 0 ? Stored() : absl::StatusOr<Stored>(Changed());
  const std::span<const uint8_t> stored_id = statement.Blob(0);
  if (!std::equal(stored_id.begin(), stored_id.end(), id.bytes.begin(),
                  id.bytes.end())) {
    return expected != 0 ? Changed()
                         : absl::AbortedError(
                               "another member's id begins with the same bits: "
                               "draw another id");
  }
  if (statement.Uint(1) != expected) return Changed();
  absl::StatusOr<TokenKeys> tokens = DecodeTokenKeys(statement.Blob(3));
  if (!tokens.ok()) return tokens.status();
  return Stored{expected, static_cast<uint32_t>(statement.Int(2)),
                *std::move(tokens)};
}

absl::Status WriteStatements::Put(const PutMember& put, Pending& pending) {
  absl::Status current = wraps_.CheckPut(put.wrap_version);
  if (current.ok()) current = tokens_.CheckPut(put.tokens);
  if (!current.ok()) return current;
  const absl::StatusOr<Stored> stored = FindMember(put.id, put.expected);
  if (!stored.ok()) return stored.status();
  const int64_t key = RowKey(put.id);
  const TokenKeys tokens = PackTokens(put.tokens);
  const Bytes encoded = EncodeTokenKeys(tokens);
  Statement& statement =
      statements_[stored->revision == 0 ? kAddMember : kChangeMember];
  const absl::Status written = statement.Bind(1, key)
                                   .Bind(2, put.id.bytes)
                                   .Bind(3, put.expected + 1)
                                   .Bind(4, pending.revision)
                                   .Bind(5, uint64_t{put.wrap_version})
                                   .Bind(6, encoded)
                                   .Bind(7, put.sealed)
                                   .Run();
  if (!written.ok()) return written;
  pending.tokens.Replace(key, stored->tokens, tokens);
  auto& counts = pending.effects.members_by_wrap_version;
  if (stored->revision != 0) --counts[stored->wrap_version];
  ++counts[put.wrap_version];
  pending.effects.changes.push_back(
      {0, put.id.bytes, put.expected, put.expected + 1});
  return absl::OkStatus();
}

absl::Status WriteStatements::Erase(const EraseMember& erase,
                                    Pending& pending) {
  if (erase.expected == 0) return Changed();
  const absl::StatusOr<Stored> stored = FindMember(erase.id, erase.expected);
  if (!stored.ok()) return stored.status();
  const int64_t key = RowKey(erase.id);
  const absl::Status erased = statements_[kEraseMember].Bind(1, key).Run();
  if (!erased.ok()) return erased;
  pending.tokens.Replace(key, stored->tokens, {});
  --pending.effects.members_by_wrap_version[stored->wrap_version];
  pending.effects.changes.push_back({0, erase.id.bytes, erase.expected, 0});
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> WriteStatements::FindRow(AccessTable table,
                                                  const IdBytes& id) {
  Statement& statement = statements_[kFindRow];
  const StatementUse ended(statement);
  const absl::StatusOr<bool> row =
      statement.Bind(1, uint64_t{Number(table)}).Bind(2, id).Step();
  if (!row.ok()) return row.status();
  return *row ? statement.Uint(0) : 0;
}

absl::Status WriteStatements::Put(const PutAccessRow& put, Pending& pending) {
  const absl::StatusOr<uint64_t> version = FindRow(put.table, put.id);
  if (!version.ok()) return version.status();
  if (*version != put.expected) return RowChanged();
  pending.effects.changes.push_back(
      {Number(put.table), put.id, put.expected, put.expected + 1});
  return statements_[kPutRow]
      .Bind(1, uint64_t{Number(put.table)})
      .Bind(2, put.id)
      .Bind(3, put.expected + 1)
      .Bind(4, put.sealed)
      .Run();
}

absl::Status WriteStatements::Erase(const EraseAccessRow& erase,
                                    Pending& pending) {
  const absl::StatusOr<uint64_t> version = FindRow(erase.table, erase.id);
  if (!version.ok()) return version.status();
  if (erase.expected == 0 || *version != erase.expected) return RowChanged();
  pending.effects.changes.push_back(
      {Number(erase.table), erase.id, erase.expected, 0});
  return statements_[kEraseRow]
      .Bind(1, uint64_t{Number(erase.table)})
      .Bind(2, erase.id)
      .Run();
}

absl::Status WriteStatements::Put(const PutRequest& request) {
  const absl::Status added = statements_[kAddRequest]
                                 .Bind(1, request.key.bytes)
                                 .Bind(2, request.expires.millis)
                                 .Bind(3, request.sealed)
                                 .Run();
  if (!absl::IsAlreadyExists(added)) return added;
  return absl::AlreadyExistsError("the request was already carried out");
}

absl::Status WriteStatements::CountMembers(const WriteEffects& effects) {
  return wraps_.Count(effects.members_by_wrap_version);
}

absl::Status WriteStatements::PutState(Revision revision,
                                       std::span<const uint8_t> digest) {
  return statements_[kPutState].Bind(1, revision).Bind(2, digest).Run();
}

absl::Status WriteStatements::PutRevision(Revision revision) {
  return statements_[kPutRevision].Bind(1, revision).Run();
}

}  // namespace sodality::store
