// External ids of erased members, so that a nightly roster does not create them
// anew. Only keyed hashes are kept: nobody can be read from the list.
#ifndef SODALITY_SERVER_CORE_SUPPRESSION_H_
#define SODALITY_SERVER_CORE_SUPPRESSION_H_

#include <string_view>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "crypto/key.h"
#include "platform/mutex.h"
#include "server/store/ids.h"

namespace sodality::core {

// Thread safety: safe. The row of a suppression is an access row of table
// kSuppressions with this id, version 1 and no content; "external id" is the
// schema's unique field.
class SuppressionList final {
 public:
  explicit SuppressionList(crypto::SubKey key) : key_(std::move(key)) {}

  // However it is spelled: the id of the normalised value.
  store::IdBytes RowId(std::string_view external_id) const;
  [[nodiscard]] bool Contains(std::string_view external_id) const;
  void Add(const store::IdBytes& row_id);

  // Held from the check whether an external id is free (or suppressed) until
  // the write that takes it is durable: the store cannot see that two sealed
  // records have the same.
  platform::Mutex& claims() { return claims_; }

 private:
  const crypto::SubKey key_;
  platform::Mutex claims_;
  mutable platform::Mutex mutex_;
  absl::flat_hash_set<store::IdBytes> rows_ SODALITY_GUARDED_BY(mutex_);
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_SUPPRESSION_H_
