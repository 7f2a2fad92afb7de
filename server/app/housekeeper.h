// What an unsealed chapter needs done from time to time, on a thread of its
// own: transliterators loaded before somebody waits for them, every member's
// row compared with the digest once, the ledger's index brought up to its head,
// expired requests dropped.
#ifndef SODALITY_SERVER_APP_HOUSEKEEPER_H_
#define SODALITY_SERVER_APP_HOUSEKEEPER_H_

#include <chrono>
#include <functional>
#include <thread>

#include "platform/mutex.h"
#include "server/core/chapter.h"

namespace sodality::app {

struct Pace {
  std::chrono::milliseconds index{1000};
  std::chrono::milliseconds expire{3'600'000};
  // Between two checks of the members, when one was disturbed by a write.
  std::chrono::milliseconds check{60'000};
  // Until the tombstones say again that nothing else has ended, and until what
  // they could not take is tried again.
  std::chrono::milliseconds tombstones{3'600'000};
  std::chrono::milliseconds owed{60'000};
};

// Calls `on_damage` once when rows of members were put back or taken out.
// Thread safety: one thread. `chapter` outlives this.
class Housekeeper final {
 public:
  Housekeeper(core::Chapter& chapter, std::function<void()> on_damage,
              Pace pace = {});
  // Ends the work; waits for a step that runs.
  ~Housekeeper();
  Housekeeper(const Housekeeper&) = delete;
  Housekeeper& operator=(const Housekeeper&) = delete;

 private:
  void Loop();
  // False when it is time to end.
  bool Pause() SODALITY_EXCLUDES(mutex_);
  void UpdateIndex();
  void RecordTombstones();
  // True when there is nothing left to check.
  bool CheckMembers();

  core::Chapter& chapter_;
  const std::function<void()> on_damage_;
  const Pace pace_;
  uint64_t indexed_ = 0;  // The head as of the last update that worked.
  platform::Mutex mutex_;
  platform::CondVar ending_;
  bool end_ SODALITY_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_HOUSEKEEPER_H_
