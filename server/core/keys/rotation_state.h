// What is known of the rotation that runs, for whoever asks while it does.
// Internal to key_rotation.cc.
#ifndef SODALITY_SERVER_CORE_KEYS_ROTATION_STATE_H_
#define SODALITY_SERVER_CORE_KEYS_ROTATION_STATE_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "crypto/keyring.h"
#include "platform/clock.h"
#include "platform/mutex.h"
#include "server/core/keys/key_rotation.h"
#include "server/core/keys/rotation.h"
#include "server/store/member_store.h"
#include "server/store/store_maintenance.h"

namespace sodality::core {

// `running`: as the counts were taken.
std::vector<KeyVersion> ListVersions(const crypto::Keyring& keyring,
                                     const store::StoreCounts& counts,
                                     const std::optional<Rotation>& running);

// Thread safety: safe.
class RotationState final {
 public:
  explicit RotationState(const std::optional<Rotation>& running)
      : running_(running) {}

  std::optional<Rotation> running() const SODALITY_EXCLUDES(mutex_);
  // Nothing: it is over.
  void Set(const std::optional<Rotation>& rotation) SODALITY_EXCLUDES(mutex_);
  // Why it does not go on, in words for an admin: nothing of a medium's own.
  // OK when it does.
  void SetProblem(const absl::Status& status) SODALITY_EXCLUDES(mutex_);

  // Nothing while none runs. The rate is of the time since the first call of
  // CountFrom for this rotation.
  std::optional<RotationProgress> Progress(const store::StoreCounts& counts,
                                           platform::Timestamp now) const
      SODALITY_EXCLUDES(mutex_);
  // How much of the store's file is copied, in the place of members.
  void SetPages(const store::CopyProgress& pages, platform::Timestamp now)
      SODALITY_EXCLUDES(mutex_);
  [[nodiscard]] bool IsCounted() const SODALITY_EXCLUDES(mutex_);
  void CountFrom(const store::StoreCounts& counts, platform::Timestamp now)
      SODALITY_EXCLUDES(mutex_);

  void Await(std::chrono::milliseconds most) SODALITY_EXCLUDES(mutex_);
  void Wake() SODALITY_EXCLUDES(mutex_);

 private:
  struct CountedFrom {
    platform::Timestamp at;
    uint64_t done = 0;
  };

  mutable platform::Mutex mutex_;
  platform::CondVar wake_;
  std::optional<Rotation> running_ SODALITY_GUARDED_BY(mutex_);
  std::string problem_ SODALITY_GUARDED_BY(mutex_);
  store::CopyProgress pages_ SODALITY_GUARDED_BY(mutex_);
  std::optional<CountedFrom> counted_from_ SODALITY_GUARDED_BY(mutex_);
  bool woken_ SODALITY_GUARDED_BY(mutex_) = false;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_KEYS_ROTATION_STATE_H_
