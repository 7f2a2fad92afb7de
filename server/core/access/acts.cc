#include "server/core/access/acts.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace sodality::core {

using platform::MutexLock;

void ActBook::Put(PendingAct act) {
  const MutexLock lock(mutex_);
  const ActId id = act.id;
  acts_.insert_or_assign(id, std::move(act));
}

void ActBook::Put(KeptBackup backup) {
  const MutexLock lock(mutex_);
  const BackupId id = backup.id;
  backups_.insert_or_assign(id, std::move(backup));
}

void ActBook::Erase(const BackupId& id) {
  const MutexLock lock(mutex_);
  backups_.erase(id);
}

std::optional<PendingAct> ActBook::Find(const ActId& id) const {
  const MutexLock lock(mutex_);
  const auto found = acts_.find(id);
  if (found == acts_.end()) return std::nullopt;
  return found->second;
}

std::vector<PendingAct> ActBook::acts() const {
  std::vector<PendingAct> all;
  {
    const MutexLock lock(mutex_);
    for (const auto& [id, act] : acts_) all.push_back(act);
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return std::tie(a.proposed, a.id) < std::tie(b.proposed, b.id);
  });
  return all;
}

std::vector<KeptBackup> ActBook::backups() const {
  std::vector<KeptBackup> all;
  {
    const MutexLock lock(mutex_);
    for (const auto& [id, backup] : backups_) all.push_back(backup);
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return std::tie(a.made, a.id) < std::tie(b.made, b.id);
  });
  return all;
}

bool ActBook::IsRunning() const {
  const MutexLock lock(mutex_);
  return std::any_of(acts_.begin(), acts_.end(), [](const auto& one) {
    return one.second.state == ActState::kRunning;
  });
}

}  // namespace sodality::core
