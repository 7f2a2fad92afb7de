// The keyring's file while a new root key takes the old one's place.
// docs/adr/0023-root-key.md. Read next: server/core/keys/root_exchange.h.
#ifndef SODALITY_SERVER_APP_ROOT_FILES_H_
#define SODALITY_SERVER_APP_ROOT_FILES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/key.h"
#include "crypto/keyring.h"
#include "crypto/keyring_file.h"
#include "crypto/random.h"
#include "platform/file.h"
#include "server/core/keys/root_exchange.h"

namespace sodality::app {

// Where the server finds a new root key's place. At most one of the two.
struct RootPlace {
  std::string key_file;      // Of --root-key: is replaced.
  std::string new_key_file;  // Of --new-root-key: must not exist.
};

struct RootFilesOptions {
  platform::FileSystem& fs;
  std::string keyring;  // The path.
  RootPlace place = {};
  crypto::Random& random;
};

// Thread safety: one thread at a time, but for BeginBackup, which goes beside
// all that is not StoreChanged or Store. Secrets: those of the resealer, and
// for the time of a rotation the new root key.
class RootFiles final : public core::RootExchange {
 public:
  // `resealer`: of the keyring as it is in its file.
  RootFiles(const RootFilesOptions& options, crypto::KeyringResealer resealer);

  // A changed keyring, for the root keys that open the one before.
  absl::Status StoreChanged(const crypto::Keyring& keyring);
  // Around the keyring as it is in its file. UNAVAILABLE while nobody knows
  // which that is: from a failure behind a rename until the next success.
  absl::StatusOr<crypto::BackupSealer> BeginBackup() const;

  absl::Status CheckPlace() const override;
  absl::StatusOr<core::RootsFound> Look() override;
  absl::Status MakeNew() override;
  absl::Status PutInPlace() override;
  absl::Status Store(const crypto::Keyring& keyring,
                     core::SealedFor sealed_for) override;

 private:
  // The path that a new root key is made at.
  std::string FreshPath() const;
  absl::Status CheckKeyFile() const;
  absl::Status CheckNewKeyFile() const;
  // The root key in `path`; nothing when there is none, or something else.
  absl::StatusOr<std::optional<crypto::RootKey>> Find(
      const std::string& path) const;
  // The same, of the root key that is the last to open the keyring.
  absl::StatusOr<std::optional<crypto::RootKey>> FindLast(
      const std::string& path) const;
  // Wherever it lies.
  absl::StatusOr<std::optional<crypto::RootKey>> FindNew() const;
  absl::Status Write(const crypto::Keyring& keyring,
                     crypto::KeyringResealer resealer);
  // Replaces the keyring's file.
  absl::Status Replace(const crypto::Keyring& keyring,
                       const crypto::KeyringResealer& resealer);

  platform::FileSystem& fs_;
  crypto::Random& random_;
  const crypto::KeyringFile keyring_;
  RootPlace place_;
  crypto::KeyringResealer resealer_;
  bool in_doubt_ = false;  // What the file holds.
  std::optional<crypto::RootKey> new_root_;
};

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_ROOT_FILES_H_
