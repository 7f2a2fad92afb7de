// The one way a change becomes true: store and outbox in one transaction, then
// the ledger, then the answer. Read next: directory.h.
#ifndef SODALITY_SERVER_CORE_COMMITTER_H_
#define SODALITY_SERVER_CORE_COMMITTER_H_

#include <functional>
#include <optional>

#include "absl/status/statusor.h"
#include "server/core/ledger/ledger.h"
#include "server/store/member_store.h"

namespace sodality::core {

// Thread safety: safe.
class Committer final {
 public:
  Committer(store::MemberStore& store, Ledger& ledger)
      : store_(store), ledger_(ledger) {}

  using Done = std::function<void(absl::StatusOr<store::Revision>)>;

  // Seals `entry` into the outbox of `write` and submits it; `done` is called
  // once, on the store's or the ledger's thread, when both are durable, or on
  // this one when the ledger cannot take anything. Writes of one thread become
  // true in their order. When the disk has no room for the entry it is owed
  // (Ledger::Append): durable in the outbox, and the write has succeeded.
  // Errors: the store's and the
  // ledger's. After a ledger error the change stands in the store and its entry
  // is replayed from the outbox at the next start: the caller gets UNAVAILABLE
  // and may retry with the same request id.
  void Submit(store::Write write, EntryDraft entry, Done done);
  // Likewise, and blocks until then.
  absl::StatusOr<store::Revision> Commit(store::Write write, EntryDraft entry);

  // At start: entries that the ledger does not have yet, in order.
  absl::Status ReplayOutbox();

 private:
  store::MemberStore& store_;
  Ledger& ledger_;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_COMMITTER_H_
