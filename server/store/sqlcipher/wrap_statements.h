// The SQL of which wrap key members are under. Read next: write_statements.h.
#ifndef SODALITY_SERVER_STORE_SQLCIPHER_WRAP_STATEMENTS_H_
#define SODALITY_SERVER_STORE_SQLCIPHER_WRAP_STATEMENTS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/store/write.h"
#include "sqlcipher/connection.h"

namespace sodality::store {

// By how many the members under each version change.
using WrapCounts = std::map<uint32_t, int64_t>;

// Prepared on the writer's connection, which outlives them and in whose
// transaction each call runs. What a failed call has done is undone by the
// caller.
class WrapStatements {
 public:
  static absl::StatusOr<WrapStatements> Prepare(
      sqlcipher::Connection& connection);

  // ABORTED under a version that was retired (Write::retire_wrap_below).
  absl::Status CheckPut(uint32_t wrap_version) const;
  // Adds what it changes to `counts`.
  absl::Status Rewrap(const RewrapMember& rewrap, WrapCounts& counts);
  // ABORTED while a member is under an earlier version; `uncounted` was not
  // counted yet.
  absl::Status RetireBelow(uint32_t version,
                           std::span<const WrapCounts* const> uncounted);
  absl::Status Count(const WrapCounts& counts);
  // Refuses what `other` refuses.
  void RefuseAs(const WrapStatements& other) {
    retired_below_ = other.retired_below_;
  }

 private:
  explicit WrapStatements(std::vector<sqlcipher::Statement> statements)
      : statements_(std::move(statements)) {}

  // The version that the member is under, when `rewrap` shall replace it.
  absl::StatusOr<std::optional<uint32_t>> FindWrapped(
      const RewrapMember& rewrap);

  std::vector<sqlcipher::Statement> statements_;
  uint32_t retired_below_ = 0;
};

}  // namespace sodality::store

#endif  // SODALITY_SERVER_STORE_SQLCIPHER_WRAP_STATEMENTS_H_
