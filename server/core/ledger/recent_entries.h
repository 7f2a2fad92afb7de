// Whom the newest entries concern, so that the index need not read and open
// what has just been written. Read next: ledger_impl.h.
#ifndef SODALITY_SERVER_CORE_LEDGER_RECENT_ENTRIES_H_
#define SODALITY_SERVER_CORE_LEDGER_RECENT_ENTRIES_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "server/core/ledger/entry.h"

namespace sodality::core {

// Keeps what it has room for and drops the oldest.
// Thread safety: one user at a time.
class RecentEntries final {
 public:
  // Some four megabytes: ten seconds of look-ups on a small machine.
  static constexpr size_t kMaxIds = 1u << 17;

  explicit RecentEntries(size_t max_ids = kMaxIds) : max_ids_(max_ids) {}

  // Entries come in the order of their numbers, without gaps.
  void Note(uint64_t number, Concerned entry);
  // Nothing for an entry that is too old or not there.
  std::optional<Concerned> Find(uint64_t number) const;

 private:
  static size_t IdsOf(const Concerned& entry) {
    return 1 + entry.members.size();
  }

  const size_t max_ids_;
  size_t ids_ = 0;
  uint64_t next_ = 0;  // Number of the entry after the last one.
  std::deque<Concerned> entries_;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_LEDGER_RECENT_ENTRIES_H_
