// Stored records under another wrap key. Read next: key_rotation.h.
#ifndef SODALITY_SERVER_CORE_KEYS_REWRAP_H_
#define SODALITY_SERVER_CORE_KEYS_REWRAP_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "crypto/keyring.h"
#include "crypto/random.h"
#include "server/core/keys/keys.h"
#include "server/core/keys/rotation.h"
#include "server/store/member_store.h"

namespace sodality::core {

// The write that brings `record` under version `to`; nothing when it is under
// that or a later one. DATA_LOSS when the record does not open;
// FAILED_PRECONDITION when a version is unknown or destroyed.
absl::StatusOr<std::optional<store::RewrapMember>> Rewrap(
    const store::MemberRecord& record, const crypto::Keyring& keyring,
    uint32_t to, crypto::Random& random);

// The next members in the store's order.
struct RewrapBatch {
  std::vector<store::RewrapMember> members;  // Those that need it.
  store::MemberId last;  // Of those that were read; zeros when none was.
  bool end = false;      // There are no more.
  uint64_t damaged = 0;  // Records that do not open.
};

// Reads members in batches and rewraps them, one batch ahead if it is told to.
// Thread safety: one thread at a time. Lifetime: borrows all three.
class Rewrapper final {
 public:
  // Of a batch, and so of a transaction: other writes wait for one at most.
  static constexpr size_t kMembers = 1000;
  static constexpr size_t kBytes = 8 << 20;  // And what a page adds.

  Rewrapper(store::MemberStore& store, const Keys& keys, crypto::Random& random)
      : store_(store), keys_(keys), random_(random) {}

  // The batch behind the cursor. Errors: the store's.
  absl::StatusOr<RewrapBatch> Take(const Rotation& rotation);
  // So that Take has it ready. What changes until then does no harm: the store
  // leaves alone who is not as they were.
  void Prepare(const Rotation& rotation);

 private:
  absl::StatusOr<RewrapBatch> Read(const Rotation& rotation) const;

  store::MemberStore& store_;
  const Keys& keys_;
  crypto::Random& random_;
  std::optional<RewrapBatch> next_;
  store::MemberId next_after_;  // The cursor that it is of.
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_KEYS_REWRAP_H_
