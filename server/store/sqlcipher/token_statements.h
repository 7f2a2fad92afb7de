// The SQL of which tokens members are found by. Read next: write_statements.h.
#ifndef SODALITY_SERVER_STORE_SQLCIPHER_TOKEN_STATEMENTS_H_
#define SODALITY_SERVER_STORE_SQLCIPHER_TOKEN_STATEMENTS_H_

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/store/sqlcipher/packing.h"
#include "server/store/write.h"
#include "sqlcipher/connection.h"

namespace sodality::store {

// Rows of the index that go and come, gathered over a whole write, so that each
// page of the tree is met once.
struct TokenChanges {
  using Row = std::pair<int64_t, int64_t>;  // Token, member.
  std::vector<Row> gone;
  std::vector<Row> come;

  void Replace(int64_t member, const TokenKeys& before, const TokenKeys& after);
};

// Prepared on the writer's connection, which outlives them and in whose
// transaction each call runs. What a failed call has done is undone by the
// caller.
class TokenStatements {
 public:
  static absl::StatusOr<TokenStatements> Prepare(
      sqlcipher::Connection& connection);

  // ABORTED when one is of a version that was retired
  // (Write::retire_index_below).
  absl::Status CheckPut(const std::vector<IndexToken>& tokens) const;
  // Adds to `changes` what Apply has to do for it.
  absl::Status Retoken(const RetokenMember& retoken, TokenChanges& changes);
  // DATA_LOSS when the index is not as the members' lists say.
  absl::Status Apply(TokenChanges& changes);
  // ABORTED while a token of an earlier version is there.
  absl::Status RetireBelow(uint16_t version);
  // Refuses what `other` refuses.
  void RefuseAs(const TokenStatements& other) {
    retired_below_ = other.retired_below_;
  }

 private:
  explicit TokenStatements(std::vector<sqlcipher::Statement> statements)
      : statements_(std::move(statements)) {}

  // Those of the member, when `retoken` is about them as they are.
  absl::StatusOr<std::optional<TokenKeys>> FindTokens(
      const RetokenMember& retoken);

  std::vector<sqlcipher::Statement> statements_;
  uint16_t retired_below_ = 0;
};

}  // namespace sodality::store

#endif  // SODALITY_SERVER_STORE_SQLCIPHER_TOKEN_STATEMENTS_H_
