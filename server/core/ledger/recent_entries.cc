#include "server/core/ledger/recent_entries.h"

#include <utility>

namespace sodality::core {

void RecentEntries::Note(uint64_t number, Concerned entry) {
  ids_ += IdsOf(entry);
  entries_.push_back(std::move(entry));
  next_ = number + 1;
  while (ids_ > max_ids_) {
    ids_ -= IdsOf(entries_.front());
    entries_.pop_front();
  }
}

std::optional<Concerned> RecentEntries::Find(uint64_t number) const {
  if (number >= next_ || next_ - number > entries_.size()) return std::nullopt;
  return entries_[entries_.size() - (next_ - number)];
}

}  // namespace sodality::core
