// The ledger: one append-only record of reads, writes, access changes and key
// acts, in preallocated sealed segment files with a group commit of its own
// (docs/formats.md "Ledger", docs/adr/0009-ledger.md). Its thread is where a
// reveal becomes allowed. Read next: core/committer.h.
#ifndef SODALITY_SERVER_CORE_LEDGER_LEDGER_H_
#define SODALITY_SERVER_CORE_LEDGER_LEDGER_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/keyring.h"
#include "platform/clock.h"
#include "platform/file.h"
#include "server/core/ledger/entry.h"

namespace sodality::core {

// Decides, on the ledger's thread, whether a reveal may still happen.
class ReleaseAuthority {
 public:
  virtual ~ReleaseAuthority() = default;
  // OK with the budget to charge; an error with a reason otherwise. An entry
  // without a grant gets Budget{} when its caller is still live.
  virtual absl::StatusOr<Budget> CheckRelease(const EntryDraft& draft,
                                              Timestamp now) = 0;
};

// What a grant has left; a part without limit is the maximum of uint32_t.
using BudgetLeft = Budget;

struct LedgerOptions {
  static constexpr uint64_t kSegmentBytes = 16u << 20;

  std::string folder;
  platform::FileSystem& fs;
  const platform::Clock& clock;
  uint64_t segment_bytes = kSegmentBytes;
};

// What of the ledger's files is durable. `size` is a file's, `length` what of
// it has been written; the rest is zeros.
struct LedgerExtent {
  struct Segment {
    std::string name;
    uint64_t size = 0;
    uint64_t length = 0;
  };
  Head head;
  std::vector<Segment> segments;
};

// What a client can follow from the key that it knows; of one that has been
// away for more it is as if the key had changed without a word.
inline constexpr size_t kMostKeyChanges = 64;

// Called once on the ledger's thread, after the entry is durable or refused.
// Must not block.
using ReleaseDone = std::function<void(absl::StatusOr<uint64_t> number)>;

// Thread safety: safe. Lifetime: the destructor makes what was queued durable
// and answers every waiter.
class Ledger {
 public:
  // Opens (or, when `create`, makes) the segments and verifies every entry:
  // chain, numbers, seals. Writes nothing: a torn end that no waiter was told
  // of goes when the first entry is appended.
  // DATA_LOSS naming segment and entry where something is damaged;
  // FAILED_PRECONDITION when an entry is under a key version that is unknown,
  // or that an entry before it had replaced.
  static absl::StatusOr<std::unique_ptr<Ledger>> Open(
      LedgerOptions options, std::shared_ptr<const crypto::Keyring> keyring,
      bool create);
  virtual ~Ledger() = default;

  // Set once before the first Release.
  virtual void SetAuthority(ReleaseAuthority& authority) = 0;

  // The same keyring with more versions, durable. Drafts are sealed under its
  // active version at once, and every entry that is appended after this call;
  // heads are signed under a version from the entry on that activates it
  // (kActivateKey of kind kLedger). FAILED_PRECONDITION as Open, and nothing
  // changes.
  virtual absl::Status UseKeys(
      std::shared_ptr<const crypto::Keyring> keyring) = 0;

  // A reveal, or a read that found nothing. On the ledger's thread, together:
  // the authority is asked, the budget is charged with the distinct members of
  // the entry, the entry is written; `done` once it is durable. Errors: the
  // authority's; RESOURCE_EXHAUSTED kBudgetExhausted with retry_at (nothing is
  // charged; a refusal entry is written), kDiskFull; UNAVAILABLE kStoreStopped
  // after a failed sync, for good.
  virtual void Release(EntryDraft draft, ReleaseDone done) = 0;

  // An act that needs no permission any more: a committed write's entry (with
  // its revision; in revision order), or with revision 0 a refusal or an act of
  // the server (its header then names the newest revision known). Errors: as
  // Release's last two. An entry whose revision is not 0 and not above the
  // newest named one is skipped and answered with OK: a replay from the outbox.
  // After kDiskFull a write's entry is owed: it is written before any other as
  // soon as there is room, and until then all else gets kDiskFull too.
  virtual void Append(EntryDraft draft, store::Revision revision,
                      ReleaseDone done) = 0;

  // To be asked before a write is committed: tries again to write what is owed,
  // and waits for that. Errors: as Append.
  virtual absl::Status Settle() = 0;

  // For the outbox: the draft, sealed under the ledger key.
  virtual store::Bytes SealDraft(const EntryDraft& draft) const = 0;
  virtual absl::StatusOr<EntryDraft> OpenDraft(
      const store::Bytes& sealed) const = 0;

  virtual Head head() const = 0;  // Of the durable entries.
  // Up to that head. What is there stays as it is.
  virtual LedgerExtent extent() const = 0;
  // How much of an append that nobody was told of stood behind them at Open.
  // Damage to the last entries looks the same.
  virtual uint64_t torn_bytes() const = 0;
  // Ed25519 over the head, under the version that is its number's, and how that
  // came to sign: the newest kMostKeyChanges.
  virtual SignedHead SignHead(const Head& head,
                              const Descent& descent) const = 0;
  // The leaf of an entry, for comparing with a head named elsewhere.
  // NOT_FOUND beyond the head.
  virtual absl::StatusOr<Hash> LeafOf(uint64_t number) const = 0;
  // NOT_FOUND beyond the head; DATA_LOSS.
  virtual absl::StatusOr<Entry> Read(uint64_t number) const = 0;
  // Whom the entry concerns; of what was appended lately, without reading it.
  // Errors: as Read.
  virtual absl::StatusOr<Concerned> ReadConcerned(uint64_t number) const = 0;

  // What `grant` has left now.
  virtual BudgetLeft Left(const GrantId& grant, const Budget& limits) const = 0;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_LEDGER_LEDGER_H_
