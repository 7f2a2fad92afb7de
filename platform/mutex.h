// An annotated mutex over std::mutex, so that clang's -Wthread-safety checks
// the locking and ThreadSanitizer understands it (Debian's Abseil is not
// instrumented; docs/adr/0003-platform.md). Read next: clock.h.
#ifndef SODALITY_PLATFORM_MUTEX_H_
#define SODALITY_PLATFORM_MUTEX_H_

#include <chrono>
#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define SODALITY_TSA(x) __attribute__((x))
#else
#define SODALITY_TSA(x)
#endif
#define SODALITY_GUARDED_BY(x) SODALITY_TSA(guarded_by(x))
#define SODALITY_REQUIRES(...) SODALITY_TSA(requires_capability(__VA_ARGS__))
#define SODALITY_EXCLUDES(...) SODALITY_TSA(locks_excluded(__VA_ARGS__))

namespace sodality::platform {

class CondVar;

// Thread safety: safe. Not recursive.
class SODALITY_TSA(capability("mutex")) Mutex {
 public:
  Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  void Lock() SODALITY_TSA(acquire_capability()) { mutex_.lock(); }
  void Unlock() SODALITY_TSA(release_capability()) { mutex_.unlock(); }

 private:
  friend class CondVar;
  std::mutex mutex_;
};

class SODALITY_TSA(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) SODALITY_TSA(acquire_capability(mutex))
      : mutex_(mutex) {
    mutex_.Lock();
  }
  ~MutexLock() SODALITY_TSA(release_capability()) { mutex_.Unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

// Spurious wake-ups happen: wait in a loop on the condition.
class CondVar {
 public:
  void Wait(Mutex& mutex) SODALITY_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    cv_.wait(lock);
    lock.release();
  }
  // False when `timeout` has passed without a notification.
  bool WaitFor(Mutex& mutex, std::chrono::nanoseconds timeout)
      SODALITY_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    const bool notified =
        cv_.wait_for(lock, timeout) == std::cv_status::no_timeout;
    lock.release();
    return notified;
  }
  void NotifyOne() { cv_.notify_one(); }
  void NotifyAll() { cv_.notify_all(); }

 private:
  std::condition_variable cv_;
};

}  // namespace sodality::platform

#endif  // SODALITY_PLATFORM_MUTEX_H_
