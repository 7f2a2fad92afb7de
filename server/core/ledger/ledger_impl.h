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
#include "platform/mutex.h"
#include "server/core/ledger/budget_book.h"
#include "server/core/ledger/entry_codec.h"
#include "server/core/ledger/head_signer.h"
#include "server/core/ledger/ledger.h"
#include "server/core/ledger/recent_entries.h"
#include "server/core/ledger/segment.h"

namespace sodality::core {

class LedgerImpl final : public Ledger {
 public:
  explicit LedgerImpl(LedgerOptions options);
  ~LedgerImpl() override;

  // Reads and verifies what is there, then starts the thread; behind UseKeys.
  absl::Status Start(bool create);

  void SetAuthority(ReleaseAuthority& authority) override;
  absl::Status UseKeys(std::shared_ptr<const crypto::Keyring> keyring) override
      SODALITY_EXCLUDES(state_mutex_);
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
  // Under which the next entry may be at the earliest.
  uint32_t OldestKey() const SODALITY_EXCLUDES(state_mutex_);
  void AddPlace(FramePlace frame);
  // An error when it names keys that there are not.
  absl::Status NoteEntry(const EntryHeader& header)
      SODALITY_EXCLUDES(state_mutex_);
  absl::Status SignFrom(const SignKeyStart& start)
      SODALITY_REQUIRES(state_mutex_);
  std::shared_ptr<const EntrySealer> sealer() const
      SODALITY_EXCLUDES(state_mutex_);

  const LedgerOptions options_;
  uint64_t torn_bytes_ = 0;  // Set by Start.
  ReleaseAuthority* authority_ = nullptr;

  // The thread's (before it starts: the opener's).
  absl::flat_hash_map<store::LedgerTag, uint64_t> sequences_;
  std::shared_ptr<const EntrySealer> sealing_;  // Of a round.
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
  std::shared_ptr<const crypto::Keyring> keyring_
      SODALITY_GUARDED_BY(state_mutex_);
  std::shared_ptr<const EntrySealer> sealer_ SODALITY_GUARDED_BY(state_mutex_);
  // Of entries that may be ahead of head_, as what follows from them.
  std::vector<SignKeyStart> sign_starts_ SODALITY_GUARDED_BY(state_mutex_);
  // Null until all that is there has been read.
  std::shared_ptr<const HeadSigner> head_signer_
      SODALITY_GUARDED_BY(state_mutex_);
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
