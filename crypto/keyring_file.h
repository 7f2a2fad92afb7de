// The keyring on disk, replaced atomically. Read next: docs/key-lifecycle.md.
#ifndef SODALITY_CRYPTO_KEYRING_FILE_H_
#define SODALITY_CRYPTO_KEYRING_FILE_H_

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/backup_file.h"
#include "crypto/keyring.h"
#include "crypto/random.h"
#include "crypto/sealed_keyring.h"
#include "platform/file.h"

namespace sodality::crypto {

// A keyring file. Holds no secrets and keeps nothing open: every call reads or
// writes the file. Borrows `fs`. Thread safety: reading is safe; one writer.
class KeyringFile final {
 public:
  KeyringFile(platform::FileSystem& fs, std::string path)
      : fs_(fs), path_(std::move(path)) {}

  const std::string& path() const { return path_; }

  // Each: NOT_FOUND when there is no file, and as the function of
  // sealed_keyring.h.
  absl::StatusOr<std::vector<RootSlot>> Slots() const;
  absl::StatusOr<Keyring> Load(const RootKey& root) const;
  // What it loads is durable: of a server that was killed behind a rename, the
  // name might still be lost with the power. Else the file system's errors.
  absl::StatusOr<OpenedKeyring> LoadToChange(const RootKey& root) const;
  absl::StatusOr<Root> RootFor(const SecretBytes& passphrase) const;

  // Seals under every one of `roots` and replaces the file durably. After a
  // failure the old file stands. A root that is left out opens it no more.
  absl::Status Store(const Keyring& keyring, std::span<const Root> roots,
                     Random& random) const;
  // Likewise, for the root keys that open the file now.
  absl::Status Store(const Keyring& keyring, const KeyringResealer& resealer,
                     Random& random) const;
  // A backup around the file as it is; `resealer` has written or opened it.
  // NOT_FOUND; else as BackupSealer::Begin.
  absl::StatusOr<BackupSealer> BeginBackup(const KeyringResealer& resealer,
                                           Random& random) const;

 private:
  absl::StatusOr<platform::Bytes> Read() const;

  platform::FileSystem& fs_;
  std::string path_;
};

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_KEYRING_FILE_H_
