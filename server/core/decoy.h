// The record that is opened in the place of a member who is absent, so that
// the time it takes does not tell. Read next: members.h.
#ifndef SODALITY_SERVER_CORE_DECOY_H_
#define SODALITY_SERVER_CORE_DECOY_H_

#include <memory>

#include "absl/status/statusor.h"
#include "platform/mutex.h"
#include "server/core/chapter.h"
#include "server/core/member.h"
#include "server/core/sealer.h"
#include "server/store/member_store.h"

namespace sodality::core {

// Thread safety: safe. Lifetime: borrows the sealer.
class Decoy final {
 public:
  // FAILED_PRECONDITION when the keyring lacks an active wrap key.
  static absl::StatusOr<std::unique_ptr<Decoy>> Create(
      const DirectoryParts& parts, const Sealer& sealer);

  // Under the wrap key that is active: it is sealed anew when there is another,
  // for the one before may be destroyed.
  absl::StatusOr<store::MemberRecord> Record() SODALITY_EXCLUDES(mutex_);

 private:
  Decoy(const DirectoryParts& parts, const Sealer& sealer);
  absl::Status SealAnew() SODALITY_REQUIRES(mutex_);

  const std::shared_ptr<const Keys> keys_;
  const Sealer& sealer_;
  const Member member_;
  platform::Mutex mutex_;
  uint32_t wrap_version_ SODALITY_GUARDED_BY(mutex_) = 0;
  store::MemberRecord record_ SODALITY_GUARDED_BY(mutex_);
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_DECOY_H_
