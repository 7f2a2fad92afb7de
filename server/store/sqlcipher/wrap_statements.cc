#include "server/store/sqlcipher/wrap_statements.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "server/store/limits.h"
#include "server/store/sqlcipher/packing.h"

namespace sodality::store {
namespace {

using sqlcipher::Statement;
using sqlcipher::StatementUse;

enum Sql : size_t { kFindWrapped, kRewrap, kCount, kCountBelow, kSqlCount };

constexpr std::array<std::string_view, kSqlCount> kSql = {
    "SELECT id, revision, wrap_version FROM members WHERE key = ?",
    "UPDATE members SET wrap_version = ?2, sealed = ?3 WHERE key = ?1",
    "INSERT INTO wrap_counts(wrap_version, members) VALUES(?1, ?2)"
    " ON CONFLICT DO UPDATE SET members = members + ?2",
    "SELECT coalesce(sum(members), 0) FROM wrap_counts"
    " WHERE wrap_version < ?",
};

}  // namespace

absl::StatusOr<WrapStatements> WrapStatements::Prepare(
    sqlcipher::Connection& connection) {
  auto statements = connection.PrepareAll(kSql);
  if (!statements.ok()) return statements.status();
  return WrapStatements(*std::move(statements));
}

absl::Status WrapStatements::CheckPut(uint32_t wrap_version) const {
  return wrap_version < retired_below_ ? WrapRetired() : absl::OkStatus();
}

absl::StatusOr<std::optional<uint32_t>> WrapStatements::FindWrapped(
    const RewrapMember& rewrap) {
  Statement& statement = statements_[kFindWrapped];
  const StatementUse ended(statement);
  const absl::StatusOr<bool> row = statement.Bind(1, RowKey(rewrap.id)).Step();
  if (!row.ok()) return row.status();
  if (!*row || !std::ranges::equal(statement.Blob(0), rewrap.id.bytes) ||
      statement.Uint(1) != rewrap.revision) {
    return std::nullopt;
  }
  const auto version = static_cast<uint32_t>(statement.Int(2));
  if (version >= rewrap.wrap_version) return std::nullopt;
  return version;
}

absl::Status WrapStatements::Rewrap(const RewrapMember& rewrap,
                                    WrapCounts& counts) {
  const auto from = FindWrapped(rewrap);
  if (!from.ok() || !from->has_value()) return from.status();
  --counts[**from];
  ++counts[rewrap.wrap_version];
  return statements_[kRewrap]
      .Bind(1, RowKey(rewrap.id))
      .Bind(2, uint64_t{rewrap.wrap_version})
      .Bind(3, rewrap.sealed)
      .Run();
}

absl::Status WrapStatements::RetireBelow(
    uint32_t version, std::span<const WrapCounts* const> uncounted) {
  Statement& statement = statements_[kCountBelow];
  const StatementUse ended(statement);
  const absl::StatusOr<bool> row = statement.Bind(1, uint64_t{version}).Step();
  if (!row.ok()) return row.status();
  int64_t left = statement.Int(0);
  for (const WrapCounts* counts : uncounted) {
    for (const auto& [under, difference] : *counts) {
      if (under < version) left += difference;
    }
  }
  if (left != 0) return WrapInUse();
  retired_below_ = std::max(retired_below_, version);
  return absl::OkStatus();
}

absl::Status WrapStatements::Count(const WrapCounts& counts) {
  for (const auto& [version, difference] : counts) {
    if (difference == 0) continue;
    const absl::Status counted = statements_[kCount]
                                     .Bind(1, uint64_t{version})
                                     .Bind(2, difference)
                                     .Run();
    if (!counted.ok()) return counted;
  }
  return absl::OkStatus();
}

}  // namespace sodality::store
