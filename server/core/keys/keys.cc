#include "server/core/keys/keys.h"

#include <utility>

namespace sodality::core {

using platform::MutexLock;

Keys::Keys(crypto::Keyring keyring, KeyringStoring store, RootExchange* roots,
           BackupBeginning begin_backup)
    : store_(std::move(store)),
      roots_(roots),
      begin_backup_(std::move(begin_backup)),
      keyring_(std::make_shared<const crypto::Keyring>(std::move(keyring))) {}

std::shared_ptr<const crypto::Keyring> Keys::Current() const {
  const MutexLock lock(mutex_);
  return keyring_;
}

absl::Status Keys::Change(const std::function<void(crypto::Keyring&)>& change) {
  return Change(change, store_);
}

absl::Status Keys::StoreAnew(const KeyringStoring& store) {
  return Change([](crypto::Keyring& keyring) { keyring.NextGeneration(); },
                store);
}

absl::Status Keys::Change(const std::function<void(crypto::Keyring&)>& change,
                          const KeyringStoring& store) {
  if (store == nullptr) {
    return absl::FailedPreconditionError("this keyring has no file to write");
  }
  const MutexLock one_at_a_time(changes_);
  auto changed = std::make_shared<crypto::Keyring>(Current()->Clone());
  change(*changed);
  if (auto s = store(*changed); !s.ok()) return s;
  const MutexLock lock(mutex_);
  keyring_ = std::move(changed);
  return absl::OkStatus();
}

absl::StatusOr<Keys::BegunBackup> Keys::BeginBackup() {
  if (begin_backup_ == nullptr) {
    return absl::FailedPreconditionError("this keyring has no file to read");
  }
  const MutexLock one_at_a_time(changes_);
  auto sealer = begin_backup_();
  if (!sealer.ok()) return sealer.status();
  return BegunBackup{Current(), *std::move(sealer)};
}

}  // namespace sodality::core
