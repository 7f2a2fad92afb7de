// The ledger over segment files. Its thread takes what is queued, decides,
// numbers, seals, writes one group, syncs once and answers everybody.
#ifndef SODALITY_SERVER_CORE_LEDGER_LEDGER_IMPL_H_
#define SODALITY_SERVER_CORE_LEDGER_LEDGER_IMPL_H_

#include <atomic>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "crypto/signing.h"
#include "platform/mutex.h"
#include "server/core/ledger/budget_book.h"
#include "server/core/ledger/entry_codec.h"
#include "server/core/ledger/ledger.h"
#include "server/core/ledger/recent_entries.h"
#include "server/core/ledger/segment.h"

namespace sodality::core {

class LedgerImpl final : public Ledger {
 public:
  LedgerImpl(LedgerOptions options,
             std::shared_ptr<const crypto::Keyring> keyring,
             std::unique_ptr<EntrySealer> sealer,
             const crypto::LedgerSignKey& sign_key);
  ~LedgerImpl() override;

  // Reads and verifies what is there, then starts the thread.
  absl::Status Start(bool create);

  void SetAuthority(ReleaseAuthority& authority) override;
  void Release(EntryDraft draft, ReleaseDone done) override;
  void Append(EntryDraft draft, store::Revision revision,
              ReleaseDone done) override;
  absl::Status Settle() override;
  store::Bytes SealDraft(const EntryDraft& draft) const override;
  absl::StatusOr<EntryDraft> OpenDraft(
      const store::Bytes& sealed) const override;
  Head head() const override;
  LedgerExtent extent() const override;
  uint64_t torn_bytes() const override { return torn_bytes_; }
  SignedHead SignHead(const Head& head, const Descent& descent) const override;
  absl::StatusOr<Hash> LeafOf(uint64_t number) const override;
  absl::StatusOr<Entry> Read(uint64_t number) const override;
  absl::StatusOr<Concerned> ReadConcerned(uint64_t number) const override;
  BudgetLeft Left(const GrantId& grant, const Budget& limits) const override;

 private:
  struct Request {
    EntryDraft draft;
    store::Revision revision = 0;
    bool reveal = false;
    ReleaseDone done;
    bool settles = false;  // Asks for what is owed, nothing else.

    [[nodiscard]] bool IsOfWrite() const { return revision != 0; }
  };
  // A request whose entry is in the group, or whose refusal is.
  struct Decided {
    ReleaseDone done;
    absl::StatusOr<uint64_t> result;
  };
  // The thread's view: ahead of the durable one while a group is written.
  struct Tip {
    Head head;
    std::vector<store::Bytes> blobs;
    uint64_t body = 0;  // Bytes of the blobs in a group.
    std::vector<Decided> decided;
  };

  bool Round();  // False when it is time to end.
  void Run();
  std::vector<Request> TakeQueued();
  void Decide(Request request, Timestamp now, Tip& tip);
  absl::Status Admit(const Request& request, Timestamp now);
  // Adds the entry and the answer, or the error as the answer.
  void AddEntry(Request request, Timestamp now, Tip& tip);
  // Leaves the request as it was when there is no room.
  absl::StatusOr<uint64_t> TryEntry(Request& request, Timestamp now, Tip& tip);
  // An entry of a committed write that found no room.
  void Owe(Request request, Tip& tip);
  // False when there is still no room.
  bool PayOwed(Timestamp now, Tip& tip);
  void Stop();
  // Room for one more entry in the group; a full segment is committed and
  // followed by another.
  absl::Status MakeRoom(Tip& tip, const store::Bytes& blob);
  absl::Status WriteGroup(const Tip& tip);
  void Commit(Tip& tip);

  absl::Status LoadSegments();
  absl::Status LoadGroup(const SealedGroup& group);
  void AddPlace(FramePlace frame);
  void NoteEntry(const EntryHeader& header);

  const LedgerOptions options_;
  const std::shared_ptr<const crypto::Keyring> keyring_;
  const std::unique_ptr<EntrySealer> sealer_;
  const crypto::Signer signer_;
  uint64_t torn_bytes_ = 0;  // Set by Start.
  ReleaseAuthority* authority_ = nullptr;

  // The thread's (before it starts: the opener's).
  absl::flat_hash_map<store::LedgerTag, uint64_t> sequences_;
  bool stopped_ = false;
  std::deque<Request> owed_;
  // Read by others: something is owed, or the ledger has stopped.
  std::atomic<bool> in_trouble_ = false;

  // Where the durable entries are, and the files.
  struct Place {
    uint32_t segment = 0;
    FramePlace frame;
  };
  mutable platform::Mutex files_mutex_;
  mutable std::vector<Segment> segments_ SODALITY_GUARDED_BY(files_mutex_);
  std::vector<Place> places_ SODALITY_GUARDED_BY(files_mutex_);

  mutable platform::Mutex state_mutex_;
  Head head_ SODALITY_GUARDED_BY(state_mutex_);
  mutable BudgetBook budgets_ SODALITY_GUARDED_BY(state_mutex_);
  // Ahead of head_ while a group is written.
  RecentEntries recent_ SODALITY_GUARDED_BY(state_mutex_);

  platform::Mutex queue_mutex_;
  platform::CondVar queued_;
  std::vector<Request> queue_ SODALITY_GUARDED_BY(queue_mutex_);
  bool ending_ SODALITY_GUARDED_BY(queue_mutex_) = false;
  std::thread thread_;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_LEDGER_LEDGER_IMPL_H_
