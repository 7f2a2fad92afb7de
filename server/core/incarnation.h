// A chapter's lives: each restore of a backup begins a new one, so that whoever
// has seen the one before tells a restore from a server that was set back
// (docs/adr/0028-tombstones.md). Sealed as access rows by access/codec.h.
#ifndef SODALITY_SERVER_CORE_INCARNATION_H_
#define SODALITY_SERVER_CORE_INCARNATION_H_

#include <cstdint>
#include <vector>

#include "platform/clock.h"
#include "platform/mutex.h"
#include "server/core/ledger/entry.h"
#include "server/store/ids.h"

namespace sodality::core {

using store::IncarnationId;

// The first, of a chapter that was never restored, has no row and the id zero.
struct Incarnation {
  IncarnationId id;
  uint64_t version = 0;
  IncarnationId parent;  // The one that the backup was made in.
  platform::Timestamp began;
  store::IdBytes backup{};  // Which one was restored.
  Head restored;            // What the backup ended with.
};

// All of one chapter's. Thread safety: safe.
class Lineage final {
 public:
  void Put(const Incarnation& incarnation) SODALITY_EXCLUDES(mutex_);
  // The one that nothing was restored from.
  Incarnation current() const SODALITY_EXCLUDES(mutex_);

 private:
  mutable platform::Mutex mutex_;
  std::vector<Incarnation> all_ SODALITY_GUARDED_BY(mutex_);
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_INCARNATION_H_
