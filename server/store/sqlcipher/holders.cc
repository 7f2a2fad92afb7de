#include "server/store/sqlcipher/holders.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <string_view>

#include "server/store/sqlcipher/for_each_row.h"
#include "server/store/sqlcipher/packing.h"

namespace sodality::store {
namespace {

using sqlcipher::Statement;

enum Sql : size_t {
  kWithToken,
  kInSlot,
  kTokensOf,
  kCount,
  kOldest,
  kSqlCount,
};

constexpr std::array<std::string_view, kSqlCount> kSql = {
    "SELECT member FROM tokens WHERE key = ?",
    "SELECT member FROM tokens WHERE key BETWEEN ? AND ?",
    "SELECT tokens FROM members WHERE key = ?",
    "SELECT total(members) FROM wrap_counts",
    "SELECT key FROM tokens ORDER BY key LIMIT 1",
};

// A look at a member's own list of tokens takes as long as so many rows of the
// index, which lie side by side.
constexpr uint64_t kRowsPerLook = 64;

int64_t FirstOf(const IndexSlot& slot) {
  return PackToken({slot.index_version, slot.slot, 0});
}

int64_t LastOf(const IndexSlot& slot) {
  return PackToken(
      {slot.index_version, slot.slot, std::numeric_limits<uint32_t>::max()});
}

bool HasTokenIn(const TokenKeys& tokens, const IndexSlot& slot) {
  const auto first =
      std::lower_bound(tokens.begin(), tokens.end(), FirstOf(slot));
  return first != tokens.end() && *first <= LastOf(slot);
}

void SortDistinct(std::vector<int64_t>& keys) {
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
}

absl::Status AppendKeys(Statement& statement, std::vector<int64_t>& keys) {
  return ForEachRow(statement,
                    [&](const Statement& row) -> absl::StatusOr<bool> {
                      keys.push_back(row.Int(0));
                      return true;
                    });
}

}  // namespace

absl::StatusOr<HolderKeys> HolderKeys::Prepare(
    sqlcipher::Connection& connection) {
  auto statements = connection.PrepareAll(kSql);
  if (!statements.ok()) return statements.status();
  return HolderKeys(*std::move(statements));
}

absl::StatusOr<std::vector<int64_t>> HolderKeys::Find(
    const HolderQuery& query) {
  absl::StatusOr<Keys> keys = WithTokens(query.any_of);
  if (!keys.ok() || keys->empty() || query.none_of.empty()) return keys;
  const absl::StatusOr<bool> scan = ScanIsCheaper(*keys);
  if (!scan.ok()) return scan.status();
  return *scan ? WithoutScanned(*keys, query.none_of)
               : WithoutLookedUp(*keys, query.none_of);
}

absl::StatusOr<uint16_t> HolderKeys::OldestIndexVersion() {
  Statement& statement = statements_[kOldest];
  const sqlcipher::StatementUse ended(statement);
  const absl::StatusOr<bool> row = statement.Step();
  if (!row.ok()) return row.status();
  return *row ? IndexVersionOf(statement.Int(0)) : uint16_t{0};
}

absl::StatusOr<HolderKeys::Keys> HolderKeys::WithTokens(
    const std::vector<IndexToken>& tokens) {
  Keys keys;
  for (const IndexToken& token : tokens) {
    Statement& statement = statements_[kWithToken];
    statement.Bind(1, PackToken(token));
    const absl::Status read = AppendKeys(statement, keys);
    if (!read.ok()) return read;
  }
  SortDistinct(keys);
  return keys;
}

absl::StatusOr<bool> HolderKeys::ScanIsCheaper(const Keys& keys) {
  Statement& statement = statements_[kCount];
  const sqlcipher::StatementUse ended(statement);
  const absl::StatusOr<bool> row = statement.Step();
  if (!row.ok()) return row.status();
  return statement.Uint(0) / kRowsPerLook < keys.size();
}

absl::StatusOr<HolderKeys::Keys> HolderKeys::WithoutScanned(
    const Keys& keys, const std::vector<IndexSlot>& slots) {
  Keys others;
  for (const IndexSlot& slot : slots) {
    Statement& statement = statements_[kInSlot];
    statement.Bind(1, FirstOf(slot)).Bind(2, LastOf(slot));
    const absl::Status read = AppendKeys(statement, others);
    if (!read.ok()) return read;
  }
  SortDistinct(others);
  Keys left;
  std::set_difference(keys.begin(), keys.end(), others.begin(), others.end(),
                      std::back_inserter(left));
  return left;
}

absl::StatusOr<HolderKeys::Keys> HolderKeys::WithoutLookedUp(
    const Keys& keys, const std::vector<IndexSlot>& slots) {
  Keys left;
  for (const int64_t key : keys) {
    Statement& statement = statements_[kTokensOf];
    const sqlcipher::StatementUse ended(statement);
    const absl::StatusOr<bool> row = statement.Bind(1, key).Step();
    if (!row.ok()) return row.status();
    // An absent member is met, and told, when the record is read.
    const auto tokens = *row ? DecodeTokenKeys(statement.Blob(0)) : TokenKeys();
    if (!tokens.ok()) return tokens.status();
    const bool out = std::any_of(
        slots.begin(), slots.end(),
        [&](const IndexSlot& slot) { return HasTokenIn(*tokens, slot); });
    if (!out) left.push_back(key);
  }
  return left;
}

}  // namespace sodality::store
