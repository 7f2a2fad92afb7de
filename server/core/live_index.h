// The search index as it is now: what everybody makes and asks tokens by, and
// how it is exchanged while they do. Read next: keys/key_rotation.h.
#ifndef SODALITY_SERVER_CORE_LIVE_INDEX_H_
#define SODALITY_SERVER_CORE_LIVE_INDEX_H_

#include <chrono>
#include <cstdint>
#include <memory>

#include "platform/mutex.h"
#include "server/core/search_index.h"

namespace sodality::core {

// Thread safety: safe. What was given out stays as it was.
class LiveIndex final {
 public:
  explicit LiveIndex(SearchIndex index);
  LiveIndex(const LiveIndex&) = delete;
  LiveIndex& operator=(const LiveIndex&) = delete;

  // Whoever asks keeps it until the store has answered: see AwaitOthers.
  std::shared_ptr<const SearchIndex> Current() const SODALITY_EXCLUDES(mutex_);

  // Everybody gets `index` from now on.
  void Publish(SearchIndex index) SODALITY_EXCLUDES(mutex_);

  // Waits until nobody has one from before the last Publish any more, at most
  // so long. Whether that is so.
  [[nodiscard]] bool AwaitOthers(std::chrono::milliseconds most) const;

 private:
  class Users;  // Counts what was given out, and outlives it.
  std::shared_ptr<const SearchIndex> Count(SearchIndex index) const;

  const std::shared_ptr<Users> users_;
  mutable platform::Mutex mutex_;
  std::shared_ptr<const SearchIndex> index_ SODALITY_GUARDED_BY(mutex_);
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_LIVE_INDEX_H_
