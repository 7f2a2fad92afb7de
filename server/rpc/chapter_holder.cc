#include "server/rpc/chapter_holder.h"

#include <utility>

namespace sodality::rpc {

std::shared_ptr<core::Chapter> ChapterHolder::Get() const {
  const platform::MutexLock lock(mutex_);
  return lent_;
}

void ChapterHolder::Set(std::unique_ptr<core::Chapter> chapter) {
  {
    const platform::MutexLock lock(mutex_);
    chapter_ = std::move(chapter);
    in_use_ = true;
    lent_ = std::shared_ptr<core::Chapter>(
        chapter_.get(), [this](core::Chapter*) { Released(); });
  }
  changed_.NotifyAll();
}

void ChapterHolder::Hide() {
  std::shared_ptr<core::Chapter> lent;
  {
    const platform::MutexLock lock(mutex_);
    lent = std::move(lent_);
  }
  // Without the lock: the last one to let go calls Released, which takes it.
  lent.reset();
  changed_.NotifyAll();
}

std::unique_ptr<core::Chapter> ChapterHolder::Take() {
  Hide();
  const platform::MutexLock lock(mutex_);
  while (in_use_) changed_.Wait(mutex_);
  return std::move(chapter_);
}

void ChapterHolder::AwaitChange(bool unsealed,
                                std::chrono::milliseconds timeout) const {
  const platform::MutexLock lock(mutex_);
  if ((lent_ != nullptr) == unsealed) changed_.WaitFor(mutex_, timeout);
}

void ChapterHolder::Released() {
  const platform::MutexLock lock(mutex_);
  in_use_ = false;
  changed_.NotifyAll();
}

}  // namespace sodality::rpc
