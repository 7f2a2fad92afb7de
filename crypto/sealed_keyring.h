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

// What a slot is written with in the place of its root key; as long-lived.
using RootSubKey = Key<struct RootSubKeyTag, 32, GuardedStorage>;
struct RootSubKeys {
  RootSubKey commit;
  RootSubKey seal;
};

// Seals a changed keyring for the root keys that open the old one, without
// having them: slots and file key stay as they are. Whoever is to be of other
// root keys is made anew, under a fresh file key: an older copy of the file
// opens nothing of what is written then. A new root key stands behind that
// which it replaces.
// Thread safety: safe. Secrets: holds the file key, and subkeys of the root key
// that opened the file.
class KeyringResealer final {
 public:
  // For one root key alone.
  static KeyringResealer For(const Root& root, Random& random);

  std::vector<uint8_t> Seal(const Keyring& keyring, Random& random) const;
  // Of the file key, for what only those who open the file may open.
  SubKey DeriveKey(const AssociatedData& purpose) const;

  // How many root keys open what it seals.
  size_t roots() const;
  // Whether that which opened the file is the last of them: of two the new one.
  [[nodiscard]] bool IsOfLast() const { return own_ + 1 == roots(); }
  // Whether the last of them is `root`.
  [[nodiscard]] bool IsLast(const RootKey& root) const;

  // For the root key that opened the file, and for `added` behind it.
  KeyringResealer With(const Root& added, Random& random) const;
  // For the root key that opened the file alone.
  KeyringResealer Alone(Random& random) const;

 private:
  friend absl::StatusOr<struct OpenedKeyring> OpenKeyringToChange(
      std::span<const uint8_t> bytes, const RootKey& root);
  // A slot, and what is to be had of its root key to write it.
  struct Writer {
    RootSlot slot;
    const RootSubKeys& subkeys;
  };
  KeyringResealer(std::vector<uint8_t> head, KeyringFileKey key, size_t own,
                  RootSubKeys subkeys)
      : head_(std::move(head)),
        key_(std::move(key)),
        own_(own),
        subkeys_(std::move(subkeys)) {}
  static std::vector<uint8_t> WriteHead(std::span<const Writer> slots,
                                        const KeyringFileKey& file_key,
                                        Random& random);
  RootSlot OwnSlot() const;

  std::vector<uint8_t> head_;
  KeyringFileKey key_;
  size_t own_;  // Which slot opened the file.
  RootSubKeys subkeys_;
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
