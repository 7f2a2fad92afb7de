// The store of sealed records. It never sees plaintext, a key or a token's
// meaning; server/core seals and opens. Two implementations, one conformance
// suite (tests/store/conformance.h): sqlcipher/ for service, memory/ for tests.
// Read next: server/core/sealer.h.
#ifndef SODALITY_SERVER_STORE_MEMBER_STORE_H_
#define SODALITY_SERVER_STORE_MEMBER_STORE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/clock.h"
#include "server/store/ids.h"
#include "server/store/write.h"

namespace sodality::store {

class StoreMaintenance;  // store_maintenance.h

// `revision` counts this member's writes from 1 and is bound into `sealed`;
// `changed_at` is the store's revision of the last write.
struct MemberRecord {
  MemberId id;
  uint64_t revision = 0;
  uint64_t changed_at = 0;
  Bytes sealed;
  // As the store counts it; what `sealed` is under stands in it, too.
  uint32_t wrap_version = 0;
  // Of the member's tokens the oldest; 0: they have none.
  uint16_t oldest_index_version = 0;
};

// As stored; loaded whole when the server is unsealed.
struct AccessRow {
  AccessTable table = AccessTable::kPrincipals;
  IdBytes id{};
  uint64_t version = 0;  // Counts this row's writes from 1.
  Bytes sealed;
};

// ---- The digest row --------------------------------------------------------

// One row's change; version 0 stands for "absent".
struct RowChange {
  uint8_t table = 0;  // 0 members, else AccessTable.
  IdBytes id{};
  uint64_t old_version = 0;
  uint64_t new_version = 0;
};

// Seals the digest row that goes into each transaction. Called on the writer's
// thread only: SealAfter, whatever it returns, then exactly one of
// Resolve(true) (committed) and Resolve(false) (rolled back: forget the
// changes). Must not call the store. An error of SealAfter fails the writes of
// its group.
class DigestSealer {
 public:
  virtual ~DigestSealer() = default;
  virtual absl::StatusOr<Bytes> SealAfter(std::span<const RowChange> changes,
                                          Revision revision) = 0;
  virtual void Resolve(bool committed) = 0;
};

// ---- Reads -----------------------------------------------------------------

// A member matches when each group has at least one of its tokens. No group:
// every member matches. At most 16 groups of 128 tokens.
struct TokenQuery {
  std::vector<std::vector<IndexToken>> all_of;
};

// A slot of one index version.
struct IndexSlot {
  uint16_t index_version = 0;
  uint16_t slot = 0;
};

// Members with a token of `any_of`, but for those with one in a slot of
// `none_of`. No limits but those of the index.
struct HolderQuery {
  std::vector<IndexToken> any_of;
  std::vector<IndexSlot> none_of;
};
using MemberVisitor = std::function<absl::Status(MemberRecord)>;

struct OutboxRow {
  Revision revision = 0;
  Bytes entry;
};

struct LedgerIndexRow {
  LedgerTag tag;
  uint64_t entry = 0;
};

struct StoreCounts {
  uint64_t members = 0;
  std::vector<std::pair<uint32_t, uint64_t>> members_by_wrap_version;
  uint16_t oldest_index_version = 0;  // Of any token; 0: there is none.
};

// Thread safety: safe; reads may run beside each other and beside writes, and
// see every write whose `done` was called before they began. Lifetime: the
// destructor waits for queued writes and calls every `done`.
//
// Errors of every call beside those named: UNAVAILABLE when the medium failed
// (after a failed sync the store stops: every later write gets UNAVAILABLE);
// DATA_LOSS when stored bytes are damaged.
class MemberStore {
 public:
  virtual ~MemberStore() = default;

  // Queues a write; `done` is called once, on the writer's thread, in revision
  // order for those that succeed, after the change is durable. It must not
  // block. Errors: ABORTED when an `expected` does not hold; ALREADY_EXISTS
  // when the request key is there; INVALID_ARGUMENT over a limit;
  // RESOURCE_EXHAUSTED when the disk is full (nothing is stored; later writes
  // may succeed). A write that fails does not fail its neighbours.
  virtual void Submit(Write write, WriteDone done) = 0;

  // From the first call on, the digest row is sealed by `sealer`, which must
  // outlive the store. Call once, before the first Submit.
  virtual void SetDigestSealer(DigestSealer& sealer) = 0;

  // NOT_FOUND.
  virtual absl::StatusOr<MemberRecord> Get(const MemberId& id) = 0;
  // What Get would answer, or nothing, whoever it is: the medium is not asked.
  // The time that it takes tells whether somebody asked for them lately.
  virtual std::optional<MemberRecord> Recall(const MemberId& id) = 0;
  // Matches in id order, beginning behind `after` when it is given; at most
  // `limit` (1 to 1,000). Fewer than `limit`: there are no more.
  virtual absl::StatusOr<std::vector<MemberRecord>> Find(
      const TokenQuery& query, const std::optional<MemberId>& after,
      size_t limit) = 0;
  // Ids and revisions only, in id order, for checking the digest.
  virtual absl::StatusOr<std::vector<std::pair<MemberId, uint64_t>>>
  ListMembers(const std::optional<MemberId>& after, size_t limit) = 0;

  virtual absl::StatusOr<std::vector<AccessRow>> ReadAccessRows() = 0;
  // Empty when none was written yet.
  virtual absl::StatusOr<Bytes> ReadDigest() = 0;
  // NOT_FOUND.
  virtual absl::StatusOr<Bytes> FindRequest(const RequestKey& key) = 0;
  virtual absl::StatusOr<Revision> LastRevision() = 0;
  virtual absl::StatusOr<StoreCounts> Counts() = 0;

  // Rows whose ledger entry may not be in the ledger yet, in revision order.
  virtual absl::StatusOr<std::vector<OutboxRow>> ReadOutbox() = 0;
  // Rows up to `through` are in the ledger; dropped with a later transaction.
  virtual void AcknowledgeOutbox(Revision through) = 0;
  // Drops requests that expired before `now`, with a later transaction.
  virtual void ExpireRequests(platform::Timestamp now) = 0;

  // ---- The derived index of the ledger ----
  // Queued behind other writes without a revision of its own; durable with the
  // next write behind it, or alone about a second later. `through` is the
  // number of the last entry indexed.
  virtual void AppendLedgerIndex(std::vector<LedgerIndexRow> rows,
                                 uint64_t through) = 0;
  // The last entry indexed durably; 0 when none.
  virtual absl::StatusOr<uint64_t> LedgerIndexedThrough() = 0;
  // Entry numbers under `tag`, newest first, below `before` (0: from the
  // newest); at most `limit`.
  virtual absl::StatusOr<std::vector<uint64_t>> FindLedgerEntries(
      const LedgerTag& tag, uint64_t before, size_t limit) = 0;

  // ---- For many values at once ----
  // Each match once, in id order, as of one moment. Ends with the visitor's
  // error. The visitor must not call the store, nor take long: the state that
  // it sees is kept.
  virtual absl::Status VisitHolders(const HolderQuery& query,
                                    const MemberVisitor& visit) = 0;

  // What it can do besides, if anything.
  virtual StoreMaintenance* maintenance() { return nullptr; }
};

}  // namespace sodality::store

#endif  // SODALITY_SERVER_STORE_MEMBER_STORE_H_
