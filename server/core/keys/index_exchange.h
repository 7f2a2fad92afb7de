// A new version of the index key while members are searched and written: first
// everybody asks for both versions, then writes make tokens of the new one.
// Internal to rotation_steps.cc.
#ifndef SODALITY_SERVER_CORE_KEYS_INDEX_EXCHANGE_H_
#define SODALITY_SERVER_CORE_KEYS_INDEX_EXCHANGE_H_

#include <chrono>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/keyring.h"
#include "server/core/keys/rotation.h"
#include "server/core/live_index.h"
#include "server/core/schema.h"

namespace sodality::core {

// What members are found by when nothing is asked yet: the active version, and
// that which `unfinished` brings them away from. FAILED_PRECONDITION without an
// active index key.
absl::StatusOr<IndexVersions> VersionsAtStart(
    const crypto::Keyring& keyring, const std::optional<Rotation>& unfinished);

// Thread safety: one thread at a time. Lifetime: borrows both.
class IndexExchange final {
 public:
  // A search takes milliseconds, a step of a roster tenths of a second. Whoever
  // begins a rotation keeps changes of access waiting meanwhile.
  static constexpr std::chrono::milliseconds kLongestWait{500};

  IndexExchange(const Schema& schema, LiveIndex& index,
                std::chrono::milliseconds longest_wait = kLongestWait)
      : schema_(schema), index_(index), longest_wait_(longest_wait) {}

  // Whoever asked for the old version alone has their answer before a write is
  // found by the new one only. False while somebody still asks: call it again.
  absl::StatusOr<bool> Begin(const crypto::Keyring& keyring,
                             const Rotation& rotation);
  // The new version alone.
  absl::Status End(const crypto::Keyring& keyring, const Rotation& rotation);

 private:
  absl::Status Publish(const crypto::Keyring& keyring,
                       const IndexVersions& versions);

  const Schema& schema_;
  LiveIndex& index_;
  const std::chrono::milliseconds longest_wait_;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_KEYS_INDEX_EXCHANGE_H_
