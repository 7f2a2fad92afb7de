// Intersecting the members of several tokens without a temporary table: each
// token's members are read in order, in small runs, and the lists leap over
// each other. Read next: reader.h.
#ifndef SODALITY_SERVER_STORE_SQLCIPHER_POSTING_H_
#define SODALITY_SERVER_STORE_SQLCIPHER_POSTING_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "server/store/member_store.h"
#include "sqlcipher/statement.h"

namespace sodality::store {

// `run` of all of these is one statement with parameters (token, least member,
// most rows) that gives members in order. It outlives them.

// The members that have one token.
class TokenMembers {
 public:
  TokenMembers(sqlcipher::Statement& run, int64_t token)
      : run_(&run), token_(token) {}
  // The first member at or behind `from`; `from` never goes back.
  absl::StatusOr<std::optional<int64_t>> Seek(int64_t from);

 private:
  absl::Status ReadRun(int64_t from);

  sqlcipher::Statement* run_;
  int64_t token_;
  std::vector<int64_t> members_;
  size_t at_ = 0;
  size_t run_rows_ = 0;
  bool ended_ = false;  // Nothing behind members_.
};

// The members that have at least one token of a group.
class GroupMembers {
 public:
  GroupMembers(sqlcipher::Statement& run, const std::vector<IndexToken>& group);
  absl::StatusOr<std::optional<int64_t>> Seek(int64_t from);

 private:
  std::vector<TokenMembers> tokens_;
};

// The members that are in every group. At least one group.
class QueryMembers {
 public:
  QueryMembers(sqlcipher::Statement& run, const TokenQuery& query);
  absl::StatusOr<std::optional<int64_t>> Seek(int64_t from);

 private:
  std::vector<GroupMembers> groups_;
};

}  // namespace sodality::store

#endif  // SODALITY_SERVER_STORE_SQLCIPHER_POSTING_H_
