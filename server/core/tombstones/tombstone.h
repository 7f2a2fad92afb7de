// What ended and must stay ended when an older backup is put back: erasures,
// revocations, invites that were used (docs/adr/0028-tombstones.md). Read next:
// tombstone_file.h.
#ifndef SODALITY_SERVER_CORE_TOMBSTONES_TOMBSTONE_H_
#define SODALITY_SERVER_CORE_TOMBSTONES_TOMBSTONE_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "crypto/secret.h"
#include "platform/clock.h"
#include "server/core/access/codec.h"
#include "server/store/ids.h"

namespace sodality::core {

// The numbers stand in the file. Each is for good but a suspension.
enum class EndedKind : uint8_t {
  kErased = 1,  // A row of the suppression list: of a member, or of what named
                // them (suppression.h).
  kDevice = 2,
  kGrant = 3,
  kInvite = 4,  // Used, or withdrawn.
  kSuspended = 5,
  kSuspensionLifted = 6,
};

struct Tombstone {
  EndedKind kind = EndedKind::kErased;
  store::IdBytes id{};
  friend auto operator<=>(const Tombstone&, const Tombstone&) = default;
  template <class H>
  friend H AbslHashValue(H h, const Tombstone& t) {
    return H::combine(std::move(h), t.kind, t.id);
  }
};

// What became true together. With nothing ended it says that nothing else had
// until then.
struct TombstoneEntry {
  static constexpr size_t kMaxEnded = 2048;

  platform::Timestamp time;
  std::vector<Tombstone> ended;
};

// docs/formats-backup.md "Tombstones". DATA_LOSS for bytes that are not what
// EncodeTombstones gives; FAILED_PRECONDITION for a newer layout or a kind that
// this program does not know.
crypto::SecretBytes EncodeTombstones(const TombstoneEntry& entry);
absl::StatusOr<TombstoneEntry> DecodeTombstones(
    const crypto::SecretBytes& content);

// What the rows of `fact` say has ended.
std::vector<Tombstone> TombstonesOf(const AccessFact& fact);

// All that entries say together, in whatever order they are added.
// Thread safety: const methods.
class Ended final {
 public:
  void Add(const TombstoneEntry& entry);
  void Add(const Ended& other);

  // Of a suspension: the latest entry about that principal is one.
  [[nodiscard]] bool Holds(const Tombstone& tombstone) const;
  // Of those that are for good, in order.
  std::vector<Tombstone> ForGood() const;
  // What the latest entry about that principal says; nothing without one.
  std::optional<bool> IsSuspended(const store::IdBytes& principal) const;

 private:
  struct Suspension {
    platform::Timestamp time;
    bool lifted = false;
  };
  void Add(const store::IdBytes& principal, const Suspension& suspension);

  absl::flat_hash_set<Tombstone> for_good_;
  absl::flat_hash_map<store::IdBytes, Suspension> suspensions_;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_TOMBSTONES_TOMBSTONE_H_
