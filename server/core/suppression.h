// External ids of erased members, so that a nightly roster does not create them
// anew. Only keyed hashes are kept: nobody can be read from the list.
#ifndef SODALITY_SERVER_CORE_SUPPRESSION_H_
#define SODALITY_SERVER_CORE_SUPPRESSION_H_

#include <string_view>

#include "absl/container/flat_hash_set.h"
#include "crypto/key.h"
#include "platform/mutex.h"
#include "server/store/ids.h"

namespace sodality::core {

// Thread safety: safe. The row of a suppression is an access row of table
// kSuppressions with this id, version 1 and no content.
class SuppressionList final {
 public:
  explicit SuppressionList(crypto::SubKey key) : key_(std::move(key)) {}

  store::IdBytes RowId(std::string_view external_id) const;
  [[nodiscard]] bool Contains(std::string_view external_id) const;
  void Add(const store::IdBytes& row_id);

 private:
  const crypto::SubKey key_;
  mutable platform::Mutex mutex_;
  absl::flat_hash_set<store::IdBytes> rows_ SODALITY_GUARDED_BY(mutex_);
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_SUPPRESSION_H_
