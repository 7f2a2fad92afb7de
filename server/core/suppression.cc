#include "server/core/suppression.h"

#include <string>

#include "crypto/keyed_hash.h"
#include "text/normalise.h"

namespace sodality::core {

store::IdBytes SuppressionList::RowId(std::string_view external_id) const {
  crypto::AssociatedData input("sodality/suppressed/1");
  input.AddText(text::Normalise(external_id));
  return crypto::KeyedHash16(key_, input);
}

bool SuppressionList::Contains(std::string_view external_id) const {
  const store::IdBytes row = RowId(external_id);
  platform::MutexLock lock(mutex_);
  return rows_.contains(row);
}

void SuppressionList::Add(const store::IdBytes& row_id) {
  platform::MutexLock lock(mutex_);
  rows_.insert(row_id);
}

}  // namespace sodality::core
