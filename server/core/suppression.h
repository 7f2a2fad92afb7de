// What is remembered of erased members, so that a nightly roster does not
// create them anew: keyed hashes of external ids, and of e-mail addresses and
// telephone numbers, alone and with each word of the name. Nobody can be read
// from the list. docs/formats-directory.md section 5. Read next: erased.h.
#ifndef SODALITY_SERVER_CORE_SUPPRESSION_H_
#define SODALITY_SERVER_CORE_SUPPRESSION_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "crypto/key.h"
#include "platform/mutex.h"
#include "server/store/ids.h"

namespace sodality::core {

// An e-mail address or telephone number in its compared form (values.h).
struct Contact {
  enum class Kind : uint8_t { kEmail, kPhone };
  Kind kind = Kind::kEmail;
  std::string form;
};

// Thread safety: safe. The row of a suppression is an access row of table
// kSuppressions with this id, version 1 and no content; "external id" is the
// schema's unique field.
class SuppressionList final {
 public:
  explicit SuppressionList(crypto::SubKey key) : key_(std::move(key)) {}

  // Of the member themselves: never asked for by a roster, but by a restore.
  store::IdBytes RowId(const store::MemberId& member) const;
  // However it is spelled: the id of the normalised value.
  store::IdBytes RowId(std::string_view external_id) const;
  store::IdBytes RowId(const Contact& contact) const;
  // `word` is normalised; empty: of somebody without a name.
  store::IdBytes RowId(const Contact& contact, std::string_view word) const;

  [[nodiscard]] bool empty() const;
  [[nodiscard]] bool Contains(const store::IdBytes& row_id) const;
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
