// A backup as bytes: the keyring's own file in front, then chunks under a key
// that only whoever opens that keyring can derive. What the chunks hold is
// server/core/backup/'s. docs/formats-backup.md. Read next: sealed_keyring.h.
#ifndef SODALITY_CRYPTO_BACKUP_FILE_H_
#define SODALITY_CRYPTO_BACKUP_FILE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "crypto/aead.h"
#include "crypto/key.h"
#include "crypto/keyring.h"
#include "crypto/random.h"
#include "crypto/sealed_keyring.h"
#include "crypto/secret.h"

namespace sodality::crypto {

// Bytes of plaintext in a chunk; the last may have fewer, but one at least.
inline constexpr size_t kBackupChunk = 64 << 10;
inline constexpr size_t kSealedBackupChunk =
    kNonceSize + kBackupChunk + kTagSize;
inline constexpr size_t kBackupPrefix = 16 + 1 + 1 + 16 + 4;
inline constexpr size_t kMaxBackupKeyring = 1 << 20;

// Thread safety: one user at a time. Secrets: holds the backup's key.
class BackupSealer final {
 public:
  // `keyring_file`: what `resealer` has written. Under a new random id.
  // INVALID_ARGUMENT when it is empty or has more than kMaxBackupKeyring bytes.
  static absl::StatusOr<BackupSealer> Begin(
      std::span<const uint8_t> keyring_file, const KeyringResealer& resealer,
      Random& random);

  // Stands in front of all chunks.
  const std::vector<uint8_t>& head() const { return head_; }
  // The next chunk: kBackupChunk bytes, or, of the last, 1 to as many.
  std::vector<uint8_t> Seal(std::span<const uint8_t> chunk, bool last);

 private:
  BackupSealer(std::vector<uint8_t> head, SubKey key, Random& random)
      : head_(std::move(head)), key_(std::move(key)), random_(&random) {}

  std::vector<uint8_t> head_;
  SubKey key_;
  Random* random_;
  uint64_t index_ = 0;
};

// How long the head is, from its first kBackupPrefix bytes. DATA_LOSS "these
// bytes are no backup"; FAILED_PRECONDITION when the format is newer.
absl::StatusOr<size_t> BackupHeadSize(std::span<const uint8_t> prefix);
// Of a head. Errors: as BackupHeadSize.
absl::StatusOr<Bytes16> BackupId(std::span<const uint8_t> head);
// The keyring's file in a head. Errors: as BackupHeadSize.
absl::StatusOr<std::span<const uint8_t>> BackupKeyring(
    std::span<const uint8_t> head);

// Thread safety: one user at a time. Secrets: holds the backup's key and the
// keyring.
class BackupOpener final {
 public:
  // Errors: those of BackupHeadSize and of OpenKeyring.
  static absl::StatusOr<BackupOpener> Begin(std::span<const uint8_t> head,
                                            const RootKey& root);

  const Keyring& keyring() const { return keyring_; }
  // The next chunk; `last`: nothing stands behind it. DATA_LOSS "the backup is
  // damaged" when anything differs from what was sealed, as the 1st, 2nd, ...
  // chunk or as the last.
  absl::StatusOr<SecretBytes> Open(std::span<const uint8_t> sealed, bool last);

 private:
  BackupOpener(Keyring keyring, SubKey key)
      : keyring_(std::move(keyring)), key_(std::move(key)) {}

  Keyring keyring_;
  SubKey key_;
  uint64_t index_ = 0;
};

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_BACKUP_FILE_H_
