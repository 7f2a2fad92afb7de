// Goes on with the rotation of a key, on a thread of its own and without being
// in the way of look-ups. Read next: server/core/keys/key_rotation.h.
#ifndef SODALITY_SERVER_APP_ROTATION_WORKER_H_
#define SODALITY_SERVER_APP_ROTATION_WORKER_H_

#include <atomic>
#include <chrono>
#include <thread>

#include "server/core/chapter.h"

namespace sodality::app {

struct RotationPace {
  // Of each step's time, the rest that follows it while members are looked up.
  int rest_percent = 25;
  // Until what has failed is tried again, and until a pass that met records
  // which do not open is repeated.
  std::chrono::milliseconds retry{10'000};
  std::chrono::milliseconds retry_damaged{3'600'000};
};

// `chapter` outlives this.
class RotationWorker final {
 public:
  explicit RotationWorker(core::Chapter& chapter, RotationPace pace = {});
  // Waits for a step that runs.
  ~RotationWorker();
  RotationWorker(const RotationWorker&) = delete;
  RotationWorker& operator=(const RotationWorker&) = delete;

 private:
  void Loop();
  // One step, and how long to wait before the next.
  std::chrono::milliseconds Step();

  core::Chapter& chapter_;
  const RotationPace pace_;
  std::atomic<bool> end_ = false;
  std::thread thread_;
};

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_ROTATION_WORKER_H_
