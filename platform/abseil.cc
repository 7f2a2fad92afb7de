#include "platform/abseil.h"

#include "absl/synchronization/mutex.h"

namespace sodality::platform {

void StopWatchingAbseilLocks() {
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
}

}  // namespace sodality::platform
