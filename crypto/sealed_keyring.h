// A keyring sealed by the root key, as bytes. docs/formats.md section 5. Read
// next: keyring_file.h.
#ifndef SODALITY_CRYPTO_SEALED_KEYRING_H_
#define SODALITY_CRYPTO_SEALED_KEYRING_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "crypto/aad.h"
#include "crypto/key.h"
#include "crypto/keyring.h"
#include "crypto/random.h"
#include "crypto/root_slot.h"

namespace sodality::crypto {

inline constexpr size_t kMaxRoots = 4;

// The bytes of a keyring file that each of `roots` opens: one, or two while
// the root key changes. INVALID_ARGUMENT when there is none or more than
// kMaxRoots.
absl::StatusOr<std::vector<uint8_t>> SealKeyring(const Keyring& keyring,
                                                 std::span<const Root> roots,
                                                 Random& random);

// The slots, so that a sealed server knows what to ask for. DATA_LOSS when the
// bytes are no keyring; FAILED_PRECONDITION when the format is newer.
absl::StatusOr<std::vector<RootSlot>> ReadRootSlots(
    std::span<const uint8_t> bytes);

// One for each set of root keys that a file is written for; every slot wraps
// it.
using KeyringFileKey = Key<struct KeyringFileKeyTag, 32, GuardedStorage>;

// Seals a changed keyring for the root keys that open the old one, without
// having them: slots and file key stay as they are.
// Thread safety: safe. Secrets: holds the file key.
class KeyringResealer final {
 public:
  std::vector<uint8_t> Seal(const Keyring& keyring, Random& random) const;
  // Of the file key, for what only those who open the file may open.
  SubKey DeriveKey(const AssociatedData& purpose) const;

 private:
  friend absl::StatusOr<struct OpenedKeyring> OpenKeyringToChange(
      std::span<const uint8_t> bytes, const RootKey& root);
  KeyringResealer(std::span<const uint8_t> head, KeyringFileKey key)
      : head_(head.begin(), head.end()), key_(std::move(key)) {}

  std::vector<uint8_t> head_;
  KeyringFileKey key_;
};

struct OpenedKeyring {
  Keyring keyring;
  KeyringResealer resealer;
};

// PERMISSION_DENIED "the root key does not open this keyring" when no slot is
// of this key; DATA_LOSS when one is and the rest is damaged; else as
// ReadRootSlots.
absl::StatusOr<OpenedKeyring> OpenKeyringToChange(
    std::span<const uint8_t> bytes, const RootKey& root);
absl::StatusOr<Keyring> OpenKeyring(std::span<const uint8_t> bytes,
                                    const RootKey& root);

// The root of the slot that `passphrase` opens. PERMISSION_DENIED "the
// passphrase does not open this keyring"; FAILED_PRECONDITION when no slot is
// kept by passphrase; RESOURCE_EXHAUSTED; else as ReadRootSlots.
absl::StatusOr<Root> RootFromPassphrase(std::span<const uint8_t> bytes,
                                        const SecretBytes& passphrase);

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_SEALED_KEYRING_H_
