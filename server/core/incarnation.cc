#include "server/core/incarnation.h"

#include <algorithm>

namespace sodality::core {

using platform::MutexLock;

void Lineage::Put(const Incarnation& incarnation) {
  MutexLock lock(mutex_);
  all_.push_back(incarnation);
}

Incarnation Lineage::current() const {
  MutexLock lock(mutex_);
  const auto last =
      std::find_if(all_.begin(), all_.end(), [this](const Incarnation& one) {
        return std::none_of(all_.begin(), all_.end(), [&](const auto& other) {
          return other.parent == one.id;
        });
      });
  return last == all_.end() ? Incarnation{} : *last;
}

}  // namespace sodality::core
