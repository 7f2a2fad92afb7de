#include "server/core/committer.h"

#include <memory>
#include <utility>

#include "server/core/waiter.h"

namespace sodality::core {

void Committer::Submit(store::Write write, EntryDraft entry, Done done) {
  if (auto settled = ledger_.Settle(); !settled.ok()) return done(settled);
  write.outbox = ledger_.SealDraft(entry);
  // Shared, since std::function copies what it holds.
  auto draft = std::make_shared<EntryDraft>(std::move(entry));
  store_.Submit(
      std::move(write), [this, draft, done = std::move(done)](
                            const absl::StatusOr<store::Revision>& stored) {
        if (!stored.ok()) return done(stored.status());
        const store::Revision revision = *stored;
        ledger_.Append(
            std::move(*draft), revision,
            [this, revision, done](const absl::StatusOr<uint64_t>& number) {
              if (absl::IsResourceExhausted(number.status())) {
                return done(revision);  // Owed, and still in the outbox.
              }
              if (!number.ok()) return done(number.status());
              store_.AcknowledgeOutbox(revision);
              done(revision);
            });
      });
}

absl::StatusOr<store::Revision> Committer::Commit(store::Write write,
                                                  EntryDraft entry) {
  Waiter<store::Revision> waiter;
  Submit(std::move(write), std::move(entry),
         [&](absl::StatusOr<store::Revision> stored) {
           waiter.Set(std::move(stored));
         });
  return waiter.Wait();
}

absl::Status Committer::ReplayOutbox() {
  auto rows = store_.ReadOutbox();
  if (!rows.ok()) return rows.status();
  for (const store::OutboxRow& row : *rows) {
    auto draft = ledger_.OpenDraft(row.entry);
    if (!draft.ok()) return draft.status();
    Waiter<uint64_t> waiter;
    ledger_.Append(*std::move(draft), row.revision,
                   [&](absl::StatusOr<uint64_t> number) {
                     waiter.Set(std::move(number));
                   });
    if (auto number = waiter.Wait(); !number.ok()) return number.status();
    store_.AcknowledgeOutbox(row.revision);
  }
  return absl::OkStatus();
}

}  // namespace sodality::core
