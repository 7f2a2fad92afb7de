#include "server/core/committer.h"

#include <memory>
#include <utility>

#include "server/core/waiter.h"

namespace sodality::core {

absl::StatusOr<store::Revision> Committer::Commit(store::Write write,
                                                  EntryDraft entry) {
  write.outbox = ledger_.SealDraft(entry);
  Waiter<store::Revision> waiter;
  // Shared, since std::function copies what it holds.
  auto draft = std::make_shared<EntryDraft>(std::move(entry));
  store_.Submit(
      std::move(write), [&, draft](absl::StatusOr<store::Revision> stored) {
        if (!stored.ok()) return waiter.Set(stored.status());
        const store::Revision revision = *stored;
        ledger_.Append(std::move(*draft), revision,
                       [&, revision](const absl::StatusOr<uint64_t>& number) {
                         if (!number.ok()) return waiter.Set(number.status());
                         store_.AcknowledgeOutbox(revision);
                         waiter.Set(revision);
                       });
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
