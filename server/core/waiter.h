// Turns one call of a completion function into a return value.
#ifndef SODALITY_SERVER_CORE_WAITER_H_
#define SODALITY_SERVER_CORE_WAITER_H_

#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "platform/mutex.h"

namespace sodality::core {

// Thread safety: one thread waits, another sets, once. May live on the stack of
// the one that waits: Set does not touch it after the waiter can return.
template <class T>
class Waiter final {
 public:
  void Set(absl::StatusOr<T> value) SODALITY_EXCLUDES(mutex_) {
    platform::MutexLock lock(mutex_);
    value_.emplace(std::move(value));
    set_.NotifyOne();
  }
  absl::StatusOr<T> Wait() SODALITY_EXCLUDES(mutex_) {
    platform::MutexLock lock(mutex_);
    while (!value_) set_.Wait(mutex_);
    return *std::move(value_);
  }

 private:
  platform::Mutex mutex_;
  platform::CondVar set_;
  std::optional<absl::StatusOr<T>> value_ SODALITY_GUARDED_BY(mutex_);
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_WAITER_H_
