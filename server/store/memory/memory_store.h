// A MemberStore in memory, for the tests of what lies above the store. It has
// the order, the thread and the limits of the real one, and keeps nothing.
// Read next: server/store/group_writer.h.
#ifndef SODALITY_SERVER_STORE_MEMORY_MEMORY_STORE_H_
#define SODALITY_SERVER_STORE_MEMORY_MEMORY_STORE_H_

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/clock.h"
#include "server/store/group_writer.h"
#include "server/store/member_store.h"

namespace sodality::store {

class MemoryContents;  // memory_contents.h: what it holds.

// Writes are applied by a thread of the store's own, so `done` never runs
// inside Submit. Thread safety: safe.
class MemoryStore final : public MemberStore {
 public:
  MemoryStore();
  ~MemoryStore() override;

  // From now on each group of writes fails with `status` and changes nothing;
  // OK ends that. Stands in for a full or broken disk.
  void FailCommits(absl::Status status);
  // The `nth` write from now, 1 being the next, is answered ABORTED, as if
  // another had been faster.
  void LoseRace(int nth);
  // Sees every question of VisitHolders from now on, before it is answered, on
  // the thread of whoever asks.
  void ObserveHolders(std::function<void(const HolderQuery&)> observe) {
    observe_holders_ = std::move(observe);
  }
  // From now on Recall tells all that Get would; before, nothing.
  void RecallEverybody() { recalls_ = true; }
  // How often Get was called.
  int reads() const { return reads_; }

  void Submit(Write write, WriteDone done) override;
  void SetDigestSealer(DigestSealer& sealer) override;
  absl::StatusOr<MemberRecord> Get(const MemberId& id) override;
  std::optional<MemberRecord> Recall(const MemberId& id) override;
  absl::StatusOr<std::vector<MemberRecord>> Find(
      const TokenQuery& query, const std::optional<MemberId>& after,
      size_t limit) override;
  absl::Status VisitHolders(const HolderQuery& query,
                            const MemberVisitor& visit) override;
  absl::StatusOr<std::vector<std::pair<MemberId, uint64_t>>> ListMembers(
      const std::optional<MemberId>& after, size_t limit) override;
  absl::StatusOr<std::vector<AccessRow>> ReadAccessRows() override;
  absl::StatusOr<Bytes> ReadDigest() override;
  absl::StatusOr<Bytes> FindRequest(const RequestKey& key) override;
  absl::StatusOr<Revision> LastRevision() override;
  absl::StatusOr<StoreCounts> Counts() override;
  absl::StatusOr<std::vector<OutboxRow>> ReadOutbox() override;
  void AcknowledgeOutbox(Revision through) override;
  void ExpireRequests(platform::Timestamp now) override;
  void AppendLedgerIndex(std::vector<LedgerIndexRow> rows,
                         uint64_t through) override;
  absl::StatusOr<uint64_t> LedgerIndexedThrough() override;
  absl::StatusOr<std::vector<uint64_t>> FindLedgerEntries(
      const LedgerTag& tag, uint64_t before, size_t limit) override;

 private:
  absl::StatusOr<MemberRecord> Find(const MemberId& id) const;

  std::atomic<bool> recalls_ = false;
  std::function<void(const HolderQuery&)> observe_holders_;
  std::atomic<int> reads_ = 0;
  std::unique_ptr<MemoryContents> contents_;
  std::unique_ptr<GroupWriter> queue_;  // Ends first: it writes the contents.
};

}  // namespace sodality::store

#endif  // SODALITY_SERVER_STORE_MEMORY_MEMORY_STORE_H_
