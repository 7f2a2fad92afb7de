#include "server/store/recent_records.h"

#include <utility>

namespace sodality::store {

using platform::MutexLock;

std::optional<MemberRecord> RecentRecords::Find(const MemberId& id) {
  Records gone;
  const MutexLock lock(mutex_);
  if (const auto found = newer_.find(id); found != newer_.end()) {
    return found->second;
  }
  auto aged = older_.extract(id);
  if (aged.empty()) return std::nullopt;
  gone = Put(aged.mapped());
  return std::move(aged.mapped());
}

RecentRecords::Moment RecentRecords::Now() const {
  Moment moment;
  const MutexLock lock(mutex_);
  moment.commits_ = commits_;
  return moment;
}

void RecentRecords::Keep(const MemberRecord& record, Moment began) {
  if (record.sealed.size() > most_bytes_) return;
  Records gone;
  const MutexLock lock(mutex_);
  const bool under_way = commits_ % 2 == 1;
  if (under_way || began.commits_ != commits_) return;
  // One that is there is of the same commit.
  if (newer_.contains(record.id) || older_.contains(record.id)) return;
  gone = Put(record);
}

void RecentRecords::Begin(const std::vector<Write>& writes) {
  std::vector<Records::node_type> gone;
  const MutexLock lock(mutex_);
  ++commits_;
  for (const Write& write : writes) {
    for (const PutMember& put : write.put_members) {
      gone.push_back(Take(put.id));
    }
    for (const EraseMember& erase : write.erase_members) {
      gone.push_back(Take(erase.id));
    }
    for (const RewrapMember& rewrap : write.rewrap_members) {
      gone.push_back(Take(rewrap.id));
    }
  }
}

void RecentRecords::End() {
  const MutexLock lock(mutex_);
  ++commits_;
}

RecentRecords::Records::node_type RecentRecords::Take(const MemberId& id) {
  auto taken = newer_.extract(id);
  if (taken.empty()) return older_.extract(id);
  newer_bytes_ -= taken.mapped().sealed.size();
  return taken;
}

RecentRecords::Records RecentRecords::Put(MemberRecord record) {
  Records gone;
  const size_t bytes = record.sealed.size();
  if (newer_bytes_ + bytes > most_bytes_) {
    gone = std::exchange(older_, std::exchange(newer_, {}));
    newer_bytes_ = 0;
  }
  newer_bytes_ += bytes;
  const MemberId id = record.id;
  newer_.emplace(id, std::move(record));
  return gone;
}

}  // namespace sodality::store
