// The beginning of a backup around a keyring that has no file.
#ifndef SODALITY_TESTS_CORE_ACCESS_BEGUN_BACKUP_H_
#define SODALITY_TESTS_CORE_ACCESS_BEGUN_BACKUP_H_

#include "absl/status/statusor.h"
#include "crypto/backup_file.h"
#include "crypto/sealed_keyring.h"

namespace sodality::core {

inline absl::StatusOr<crypto::BackupSealer> BeginBackupOf(
    const crypto::Keyring& keyring, const crypto::RootKey& root_key) {
  crypto::Random& random = crypto::SystemRandom();
  const crypto::Root root = crypto::Root::FromKeyFile(root_key.Clone());
  const auto file = crypto::SealKeyring(keyring, {&root, 1}, random);
  if (!file.ok()) return file.status();
  const auto opened = crypto::OpenKeyringToChange(*file, root_key);
  if (!opened.ok()) return opened.status();
  return crypto::BackupSealer::Begin(*file, opened->resealer, random);
}

}  // namespace sodality::core

#endif  // SODALITY_TESTS_CORE_ACCESS_BEGUN_BACKUP_H_
