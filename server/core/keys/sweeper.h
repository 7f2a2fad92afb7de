// Stored records under new keys, batch by batch. Read next: key_rotation.h.
#ifndef SODALITY_SERVER_CORE_KEYS_SWEEPER_H_
#define SODALITY_SERVER_CORE_KEYS_SWEEPER_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "crypto/random.h"
#include "server/core/keys/rotation.h"
#include "server/core/sealer.h"
#include "server/core/search_index.h"
#include "server/store/member_store.h"

namespace sodality::core {

struct DirectoryParts;  // chapter.h

// The next members in the store's order.
struct SweptBatch {
  store::Write write;    // Renews those that need it.
  uint64_t renewed = 0;  // How many.
  uint64_t read = 0;
  size_t tokens = 0;
  store::MemberId last;  // Of those that were read; zeros when none was.
  bool end = false;      // There are no more.
  uint64_t damaged = 0;  // Records that do not open.
};

// Reads members in batches and renews them, one batch ahead if it is told to.
// Thread safety: one thread at a time. Lifetime: borrows the parts.
class Sweeper final {
 public:
  // Of a batch, and so of a transaction: other writes wait for one at most.
  static constexpr size_t kMembers = 1000;
  static constexpr size_t kBytes = 8 << 20;   // And what a page adds.
  static constexpr size_t kTokens = 1 << 17;  // Likewise.

  explicit Sweeper(const DirectoryParts& parts);

  // The batch behind the cursor. Errors: the store's.
  absl::StatusOr<SweptBatch> Take(const Rotation& rotation);
  // So that Take has it ready. What changes until then does no harm: the store
  // leaves alone who is not as they were.
  void Prepare(const Rotation& rotation);
  // Forgets what one sweep has gathered.
  void End();

 private:
  absl::StatusOr<SweptBatch> Read(const Rotation& rotation);
  // Adds the member to the batch, when they need it.
  absl::Status Renew(store::MemberRecord record, const Rotation& rotation,
                     SweptBatch& batch);

  store::MemberStore& store_;
  const std::shared_ptr<const Keys> keys_;
  crypto::Random& random_;
  const Sealer sealer_;
  std::optional<TokenMemo> memo_;
  std::optional<SweptBatch> next_;
  store::MemberId next_after_;  // The cursor that it is of.
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_KEYS_SWEEPER_H_
