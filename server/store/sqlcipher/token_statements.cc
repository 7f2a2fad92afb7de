#include "server/store/sqlcipher/token_statements.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include "server/store/limits.h"

namespace sodality::store {
namespace {

using sqlcipher::Statement;
using sqlcipher::StatementUse;

enum Sql : size_t {
  kAddToken,
  kEraseToken,
  kFindTokens,
  kPutTokens,
  kAnyBelow,
  kSqlCount,
};

constexpr std::array<std::string_view, kSqlCount> kSql = {
    "INSERT INTO tokens(key, member) VALUES(?, ?)",
    "DELETE FROM tokens WHERE key = ? AND member = ?",
    "SELECT id, revision, tokens FROM members WHERE key = ?",
    "UPDATE members SET tokens = ?2 WHERE key = ?1",
    "SELECT EXISTS(SELECT 1 FROM tokens WHERE key < ?)",
};

}  // namespace

void TokenChanges::Replace(int64_t member, const TokenKeys& before,
                           const TokenKeys& after) {
  const auto add = [&](const TokenKeys& some, const TokenKeys& without,
                       std::vector<Row>& rows) {
    TokenKeys difference;
    std::set_difference(some.begin(), some.end(), without.begin(),
                        without.end(), std::back_inserter(difference));
    for (const int64_t token : difference) rows.emplace_back(token, member);
  };
  add(before, after, gone);
  add(after, before, come);
}

absl::StatusOr<TokenStatements> TokenStatements::Prepare(
    sqlcipher::Connection& connection) {
  auto statements = connection.PrepareAll(kSql);
  if (!statements.ok()) return statements.status();
  return TokenStatements(*std::move(statements));
}

absl::Status TokenStatements::CheckPut(
    const std::vector<IndexToken>& tokens) const {
  const bool retired =
      std::any_of(tokens.begin(), tokens.end(), [this](const auto& token) {
        return token.index_version < retired_below_;
      });
  return retired ? IndexRetired() : absl::OkStatus();
}

absl::StatusOr<std::optional<TokenKeys>> TokenStatements::FindTokens(
    const RetokenMember& retoken) {
  Statement& statement = statements_[kFindTokens];
  const StatementUse ended(statement);
  const absl::StatusOr<bool> row = statement.Bind(1, RowKey(retoken.id)).Step();
  if (!row.ok()) return row.status();
  if (!*row || !std::ranges::equal(statement.Blob(0), retoken.id.bytes) ||
      statement.Uint(1) != retoken.revision) {
    return std::nullopt;
  }
  absl::StatusOr<TokenKeys> tokens = DecodeTokenKeys(statement.Blob(2));
  if (!tokens.ok()) return tokens.status();
  return *std::move(tokens);
}

absl::Status TokenStatements::Retoken(const RetokenMember& retoken,
                                      TokenChanges& changes) {
  if (auto s = CheckPut(retoken.tokens); !s.ok()) return s;
  const auto before = FindTokens(retoken);
  if (!before.ok() || !before->has_value()) return before.status();
  const TokenKeys after = PackTokens(retoken.tokens);
  if (**before == after) return absl::OkStatus();
  const int64_t member = RowKey(retoken.id);
  changes.Replace(member, **before, after);
  const Bytes encoded = EncodeTokenKeys(after);
  return statements_[kPutTokens].Bind(1, member).Bind(2, encoded).Run();
}

absl::Status TokenStatements::Apply(TokenChanges& changes) {
  for (const auto& [rows, sql] :
       {std::pair(&changes.gone, kEraseToken), {&changes.come, kAddToken}}) {
    std::sort(rows->begin(), rows->end());
    for (const auto& [token, member] : *rows) {
      const absl::Status done =
          statements_[sql].Bind(1, token).Bind(2, member).Run();
      // A token that is there already was never listed beside its member.
      if (absl::IsAlreadyExists(done)) {
        return absl::DataLossError("the search index is out of step");
      }
      if (!done.ok()) return done;
    }
  }
  return absl::OkStatus();
}

absl::Status TokenStatements::RetireBelow(uint16_t version) {
  Statement& statement = statements_[kAnyBelow];
  const StatementUse ended(statement);
  const absl::StatusOr<bool> row =
      statement.Bind(1, PackToken({version, 0, 0})).Step();
  if (!row.ok()) return row.status();
  if (statement.Int(0) != 0) return IndexInUse();
  retired_below_ = std::max(retired_below_, version);
  return absl::OkStatus();
}

}  // namespace sodality::store
