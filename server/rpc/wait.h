// Waits for an answer that comes on another thread.
#ifndef SODALITY_SERVER_RPC_WAIT_H_
#define SODALITY_SERVER_RPC_WAIT_H_

#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "platform/mutex.h"

namespace sodality::rpc {

// Calls `start` with a function that takes the answer, and returns the answer.
// For handlers of the sync API; `start` must see to it that the function is
// called once.
template <class T, class Start>
absl::StatusOr<T> AwaitAnswer(const Start& start) {
  platform::Mutex mutex;
  platform::CondVar arrived;
  std::optional<absl::StatusOr<T>> answer;
  start([&](absl::StatusOr<T> got) {
    // Notified under the lock: the waiter may be gone right after it.
    const platform::MutexLock lock(mutex);
    answer.emplace(std::move(got));
    arrived.NotifyAll();
  });
  const platform::MutexLock lock(mutex);
  while (!answer) arrived.Wait(mutex);
  return *std::move(answer);
}

}  // namespace sodality::rpc

#endif  // SODALITY_SERVER_RPC_WAIT_H_
