// The keyring as it is now, and the one way to change it while it is in use.
// Read next: key_rotation.h.
#ifndef SODALITY_SERVER_CORE_KEYS_KEYS_H_
#define SODALITY_SERVER_CORE_KEYS_KEYS_H_

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/backup_file.h"
#include "crypto/keyring.h"
#include "platform/mutex.h"

namespace sodality::core {

class RootExchange;  // root_exchange.h

// Makes a changed keyring durable, so that a start finds it or the one before.
using KeyringStoring = std::function<absl::Status(const crypto::Keyring&)>;

// The head of a backup, around the keyring's file as it stands.
using BackupBeginning = std::function<absl::StatusOr<crypto::BackupSealer>()>;

// Thread safety: safe. What was given out stays as it was.
class Keys final {
 public:
  // Without `store` no change can be made; without `roots`, which are borrowed,
  // none of the root key; without `begin_backup` no backup.
  explicit Keys(crypto::Keyring keyring, KeyringStoring store = nullptr,
                RootExchange* roots = nullptr,
                BackupBeginning begin_backup = nullptr);

  std::shared_ptr<const crypto::Keyring> Current() const
      SODALITY_EXCLUDES(mutex_);

  // Applies `change`, which raises the generation by one, to a copy; makes it
  // durable; then everybody gets it. The database must name the generation as
  // it is before this is called again (ADR 19). After an error everybody has
  // the old one, and nothing was sealed under what is new. Errors: those of
  // `change` and of the store; FAILED_PRECONDITION without a store.
  absl::Status Change(const std::function<void(crypto::Keyring&)>& change)
      SODALITY_EXCLUDES(changes_, mutex_);
  // The same keys, made durable by `store` in the place of the usual way.
  absl::Status StoreAnew(const KeyringStoring& store)
      SODALITY_EXCLUDES(changes_, mutex_);

  // Null: there is none.
  RootExchange* roots() const { return roots_; }

  // A backup that begins with the keyring as it is now, while nobody changes
  // it. Errors: those of `begin_backup`; FAILED_PRECONDITION without one.
  struct BegunBackup {
    std::shared_ptr<const crypto::Keyring> keyring;
    crypto::BackupSealer sealer;
  };
  absl::StatusOr<BegunBackup> BeginBackup() SODALITY_EXCLUDES(changes_, mutex_);

 private:
  absl::Status Change(const std::function<void(crypto::Keyring&)>& change,
                      const KeyringStoring& store)
      SODALITY_EXCLUDES(changes_, mutex_);

  const KeyringStoring store_;
  RootExchange* const roots_;
  const BackupBeginning begin_backup_;
  platform::Mutex changes_;  // One change at a time; held while it is stored.
  mutable platform::Mutex mutex_;
  std::shared_ptr<const crypto::Keyring> keyring_ SODALITY_GUARDED_BY(mutex_);
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_KEYS_KEYS_H_
