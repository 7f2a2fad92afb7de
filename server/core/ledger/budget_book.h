// Who has revealed how many distinct members under which grant: sliding hour
// and day, and in all. Rebuilt from the ledger at start.
#ifndef SODALITY_SERVER_CORE_LEDGER_BUDGET_BOOK_H_
#define SODALITY_SERVER_CORE_LEDGER_BUDGET_BOOK_H_

#include <chrono>
#include <list>
#include <optional>
#include <span>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "server/core/access/types.h"
#include "server/store/ids.h"

namespace sodality::core {

// Distinct members within a window that slides with the clock. A member seen
// again counts once and from then on leaves the window later.
class DistinctWindow final {
 public:
  explicit DistinctWindow(std::chrono::milliseconds length) : length_(length) {}

  void Note(const store::LedgerTag& tag, Timestamp now);
  // How many of `tags` (distinct) would be new.
  size_t CountNew(std::span<const store::LedgerTag> tags, Timestamp now);
  size_t Count(Timestamp now);
  // When `needed` places, more than are free and at most `limit`, are free.
  Timestamp FreeAt(size_t needed, size_t limit) const;

 private:
  struct Seen {
    store::LedgerTag tag;
    Timestamp at;
  };
  void Slide(Timestamp now);

  std::chrono::milliseconds length_;
  std::list<Seen> order_;  // Oldest first.
  absl::flat_hash_map<store::LedgerTag, std::list<Seen>::iterator> seen_;
};

// Thread safety: one user at a time.
class BudgetBook final {
 public:
  // RESOURCE_EXHAUSTED kBudgetExhausted, with retry_at where waiting helps,
  // when the distinct `tags` do not fit; nothing is noted then. No tags, a look
  // that found nobody, needs one free place: with a used-up budget it answers
  // like a look that found somebody new.
  absl::Status Check(const GrantId& grant, const Budget& limits,
                     std::span<const store::LedgerTag> tags, Timestamp now);
  void Note(const GrantId& grant, std::span<const store::LedgerTag> tags,
            Timestamp at);
  Budget Left(const GrantId& grant, const Budget& limits, Timestamp now);

 private:
  struct Page {
    DistinctWindow hour{std::chrono::hours(1)};
    DistinctWindow day{std::chrono::hours(24)};
    absl::flat_hash_set<store::LedgerTag> all;
  };
  absl::flat_hash_map<GrantId, Page> pages_;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_LEDGER_BUDGET_BOOK_H_
