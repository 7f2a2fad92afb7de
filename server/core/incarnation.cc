#include "server/core/incarnation.h"

#include <algorithm>

namespace sodality::core {

using platform::MutexLock;

namespace {

Incarnation Newest(const std::vector<Incarnation>& all) {
  const auto last =
      std::find_if(all.begin(), all.end(), [&](const Incarnation& one) {
        return std::none_of(all.begin(), all.end(), [&](const auto& other) {
          return other.parent == one.id;
        });
      });
  return last == all.end() ? Incarnation{} : *last;
}

}  // namespace

void Lineage::Put(const Incarnation& incarnation) {
  MutexLock lock(mutex_);
  all_.push_back(incarnation);
}

Incarnation Lineage::current() const {
  MutexLock lock(mutex_);
  return Newest(all_);
}

}  // namespace sodality::core
