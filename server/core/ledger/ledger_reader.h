// Lists of ledger entries, by all, by actor, by member; and the derived index
// behind them, filled in the background.
#ifndef SODALITY_SERVER_CORE_LEDGER_LEDGER_READER_H_
#define SODALITY_SERVER_CORE_LEDGER_LEDGER_READER_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "crypto/keyring.h"
#include "platform/mutex.h"
#include "server/core/access/access_table.h"
#include "server/core/ledger/ledger.h"
#include "server/store/member_store.h"

namespace sodality::core {

struct EntryQuery {
  // Entries about the member whose key this is; they then carry fields.
  const crypto::MemberLedgerKey* member = nullptr;
  std::optional<PrincipalId> actor;
  std::optional<Timestamp> since;
  uint64_t before = 0;  // Only entries below this number; 0: from the newest.
  size_t limit = 50;    // 1 to 500.
};

struct ListedEntry {
  EntryHeader header;
  std::vector<uint16_t> fields;  // Only with EntryQuery.member.
  uint64_t member_sequence = 0;  // Likewise.
};

struct EntryPage {
  std::vector<ListedEntry> entries;  // Newest first.
  uint64_t next_before = 0;          // 0: no more.
};

// Thread safety: safe.
class LedgerReader final {
 public:
  // FAILED_PRECONDITION when the keyring has no state key.
  static absl::StatusOr<std::unique_ptr<LedgerReader>> Create(
      store::MemberStore& store, Ledger& ledger,
      const crypto::Keyring& keyring);

  // Entries not in the index yet are found too. DATA_LOSS; UNAVAILABLE. Cost:
  // one read of the ledger an entry looked at.
  absl::StatusOr<EntryPage> List(const EntryQuery& query) const;

  // Brings the index up to the ledger's head: at start, and by a thread of the
  // owner's from time to time.
  absl::Status UpdateIndex();

 private:
  LedgerReader(store::MemberStore& store, Ledger& ledger,
               crypto::SubKey actor_tag_key);
  store::LedgerTag ActorTag(const PrincipalId& actor) const;
  absl::StatusOr<std::vector<uint64_t>> Candidates(
      const std::optional<store::LedgerTag>& tag, uint64_t before,
      size_t limit) const;
  // Does the entry belong into the list? Then `listed` gets the member's part.
  absl::StatusOr<bool> Accept(const EntryQuery& query, const Entry& entry,
                              ListedEntry& listed) const;

  store::MemberStore& store_;
  Ledger& ledger_;
  const crypto::SubKey actor_tag_key_;
  platform::Mutex update_mutex_;
  // The last entry given to the store; unknown before the first update.
  std::optional<uint64_t> queued_through_ SODALITY_GUARDED_BY(update_mutex_);
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_LEDGER_LEDGER_READER_H_
