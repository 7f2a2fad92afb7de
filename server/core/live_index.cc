#include "server/core/live_index.h"

#include <utility>

namespace sodality::core {

using platform::MutexLock;

class LiveIndex::Users final {
 public:
  void Add() {
    const MutexLock lock(mutex_);
    ++indexes_;
  }
  void Remove() {
    {
      const MutexLock lock(mutex_);
      --indexes_;
    }
    removed_.NotifyAll();
  }
  // Whether one is left, the current one.
  [[nodiscard]] bool AwaitOne(std::chrono::milliseconds most) {
    const auto until = std::chrono::steady_clock::now() + most;
    const MutexLock lock(mutex_);
    while (indexes_ > 1) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(
          until - std::chrono::steady_clock::now());
      if (left.count() <= 0) return false;
      removed_.WaitFor(mutex_, left);
    }
    return true;
  }

 private:
  platform::Mutex mutex_;
  platform::CondVar removed_;
  int indexes_ SODALITY_GUARDED_BY(mutex_) = 0;
};

LiveIndex::LiveIndex(SearchIndex index)
    : users_(std::make_shared<Users>()), index_(Count(std::move(index))) {}

std::shared_ptr<const SearchIndex> LiveIndex::Count(SearchIndex index) const {
  auto counted = std::make_unique<const SearchIndex>(std::move(index));
  users_->Add();
  return {counted.release(), [users = users_](const SearchIndex* unused) {
            delete unused;
            users->Remove();
          }};
}

std::shared_ptr<const SearchIndex> LiveIndex::Current() const {
  const MutexLock lock(mutex_);
  return index_;
}

void LiveIndex::Publish(SearchIndex index) {
  auto published = Count(std::move(index));
  const MutexLock lock(mutex_);
  std::swap(index_, published);
}

bool LiveIndex::AwaitOthers(std::chrono::milliseconds most) const {
  return users_->AwaitOne(most);
}

}  // namespace sodality::core
