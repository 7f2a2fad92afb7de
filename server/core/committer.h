// The one way a change becomes true: store and outbox in one transaction, then
// the ledger, then the answer. Read next: directory.h.
#ifndef SODALITY_SERVER_CORE_COMMITTER_H_
#define SODALITY_SERVER_CORE_COMMITTER_H_

#include <optional>

#include "absl/status/statusor.h"
#include "server/core/ledger/ledger.h"
#include "server/store/member_store.h"

namespace sodality::core {

// Thread safety: safe. Blocks the caller until store and ledger are durable.
class Committer final {
 public:
  Committer(store::MemberStore& store, Ledger& ledger)
      : store_(store), ledger_(ledger) {}

  // Seals `entry` into the outbox of `write`, submits it and waits for both.
  // Errors: the store's and the ledger's. After a ledger error the change
  // stands in the store and its entry is replayed from the outbox at the next
  // start: the caller gets UNAVAILABLE and may retry with the same request id.
  absl::StatusOr<store::Revision> Commit(store::Write write, EntryDraft entry);

  // At start: entries that the ledger does not have yet, in order.
  absl::Status ReplayOutbox();

 private:
  store::MemberStore& store_;
  Ledger& ledger_;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_COMMITTER_H_
