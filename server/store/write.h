// What a store is told to change. Read next: member_store.h.
#ifndef SODALITY_SERVER_STORE_WRITE_H_
#define SODALITY_SERVER_STORE_WRITE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/clock.h"
#include "server/store/ids.h"

namespace sodality::store {

using Bytes = std::vector<uint8_t>;

// A truncated keyed hash of a normalised value. `slot` tells field and kind
// apart; the store gives it no meaning.
struct IndexToken {
  uint16_t index_version = 0;
  uint16_t slot = 0;
  uint32_t bits = 0;
  friend auto operator<=>(const IndexToken&, const IndexToken&) = default;
};

// Sealed rows of who may do what.
enum class AccessTable : uint8_t {
  kPrincipals = 1,
  kDevices = 2,
  kGrants = 3,
  kInvites = 4,
  kApprovals = 5,
  kSuppressions = 6,
  kRotations = 7,
  kIncarnations = 8,
  kBackups = 9,
};

// Every put replaces the whole row and states what it believes to replace:
// `expected` 0 means "does not exist yet". The new revision is expected + 1.
struct PutMember {
  MemberId id;
  uint64_t expected = 0;
  uint32_t wrap_version = 0;
  Bytes sealed;
  std::vector<IndexToken> tokens;  // All of the member's tokens.
};
struct EraseMember {
  MemberId id;
  uint64_t expected = 0;
};
// The same fields under another wrap key, and perhaps another record key:
// revision, changed_at and tokens stay.
// Without effect on a member who is gone, of another revision, or under
// `wrap_version` or a later one already.
struct RewrapMember {
  MemberId id;
  uint64_t revision = 0;
  uint32_t wrap_version = 0;
  Bytes sealed;
};
// The same member found by other tokens: revision, changed_at and record stay.
// Without effect on a member who is gone or of another revision.
struct RetokenMember {
  MemberId id;
  uint64_t revision = 0;
  std::vector<IndexToken> tokens;  // All of the member's tokens.
};
struct PutAccessRow {
  AccessTable table = AccessTable::kPrincipals;
  IdBytes id{};
  uint64_t expected = 0;
  Bytes sealed;
};
struct EraseAccessRow {
  AccessTable table = AccessTable::kPrincipals;
  IdBytes id{};
  uint64_t expected = 0;
};
// Remembers a write's outcome, so that a retry gets it again.
struct PutRequest {
  RequestKey key;
  platform::Timestamp expires;  // Dropped some time after this.
  Bytes sealed;
};

// One atomic change: all of it or none. At most 1,000 members and 1,000 rows,
// each once (limits.h has the other limits).
struct Write {
  std::vector<PutMember> put_members;
  std::vector<EraseMember> erase_members;
  std::vector<RewrapMember> rewrap_members;
  std::vector<RetokenMember> retoken_members;
  std::vector<PutAccessRow> put_rows;
  std::vector<EraseAccessRow> erase_rows;
  std::optional<PutRequest> request;
  // No member is under an earlier wrap version after this write, or it is
  // ABORTED; a later put under one is ABORTED, as long as the store is open.
  std::optional<uint32_t> retire_wrap_below;
  // Likewise of tokens and their index version.
  std::optional<uint16_t> retire_index_below;
  // The sealed ledger entry of this change; kept in the outbox from the same
  // transaction until AcknowledgeOutbox. Must not be empty.
  Bytes outbox;
};

// The store's revision after the write; strictly increasing, one a write.
using Revision = uint64_t;
using WriteDone = std::function<void(absl::StatusOr<Revision>)>;

}  // namespace sodality::store

#endif  // SODALITY_SERVER_STORE_WRITE_H_
