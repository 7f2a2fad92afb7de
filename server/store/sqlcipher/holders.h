// Who has one of many tokens and none of some slots, without reading a record:
// the reading side of MemberStore::VisitHolders. Read next: reader.h.
#ifndef SODALITY_SERVER_STORE_SQLCIPHER_HOLDERS_H_
#define SODALITY_SERVER_STORE_SQLCIPHER_HOLDERS_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/store/member_store.h"
#include "sqlcipher/connection.h"

namespace sodality::store {

// Prepared on a reader's connection, which outlives it. Thread safety: none.
class HolderKeys final {
 public:
  static absl::StatusOr<HolderKeys> Prepare(sqlcipher::Connection& connection);

  // The members' row keys, ascending. DATA_LOSS.
  absl::StatusOr<std::vector<int64_t>> Find(const HolderQuery& query);
  // Of any token; 0: there is none.
  absl::StatusOr<uint16_t> OldestIndexVersion();

 private:
  using Keys = std::vector<int64_t>;

  explicit HolderKeys(std::vector<sqlcipher::Statement> statements)
      : statements_(std::move(statements)) {}

  absl::StatusOr<Keys> WithTokens(const std::vector<IndexToken>& tokens);
  absl::StatusOr<bool> ScanIsCheaper(const Keys& keys);
  absl::StatusOr<Keys> WithoutScanned(const Keys& keys,
                                      const std::vector<IndexSlot>& slots);
  absl::StatusOr<Keys> WithoutLookedUp(const Keys& keys,
                                       const std::vector<IndexSlot>& slots);

  std::vector<sqlcipher::Statement> statements_;
};

}  // namespace sodality::store

#endif  // SODALITY_SERVER_STORE_SQLCIPHER_HOLDERS_H_
