// The one place that says whether the server is unsealed. Read next:
// admission.h.
#ifndef SODALITY_SERVER_RPC_CHAPTER_HOLDER_H_
#define SODALITY_SERVER_RPC_CHAPTER_HOLDER_H_

#include <chrono>
#include <memory>

#include "platform/mutex.h"
#include "server/core/chapter.h"

namespace sodality::rpc {

// Thread safety: safe. Ownership: owns the chapter and lends it; a chapter is
// destroyed by whoever takes it, never by the last call that used it (that may
// end on a thread which the chapter's destructor waits for).
class ChapterHolder final {
 public:
  // Null while sealed.
  std::shared_ptr<core::Chapter> Get() const SODALITY_EXCLUDES(mutex_);

  // Unseals. There must be no chapter yet.
  void Set(std::unique_ptr<core::Chapter> chapter) SODALITY_EXCLUDES(mutex_);

  // No later Get sees the chapter; calls that have it keep it until they end.
  void Hide() SODALITY_EXCLUDES(mutex_);

  // Seals: hides the chapter, and returns it when every call has let go of it;
  // null when there was none.
  std::unique_ptr<core::Chapter> Take() SODALITY_EXCLUDES(mutex_);

  // Waits until the state is no longer `unsealed`, or for `timeout`; may
  // return early.
  void AwaitChange(bool unsealed, std::chrono::milliseconds timeout) const
      SODALITY_EXCLUDES(mutex_);

 private:
  void Released() SODALITY_EXCLUDES(mutex_);

  mutable platform::Mutex mutex_;
  mutable platform::CondVar changed_;
  std::unique_ptr<core::Chapter> chapter_ SODALITY_GUARDED_BY(mutex_);
  // Lends chapter_; gone when sealed.
  std::shared_ptr<core::Chapter> lent_ SODALITY_GUARDED_BY(mutex_);
  bool in_use_ SODALITY_GUARDED_BY(mutex_) = false;
};

}  // namespace sodality::rpc

#endif  // SODALITY_SERVER_RPC_CHAPTER_HOLDER_H_
