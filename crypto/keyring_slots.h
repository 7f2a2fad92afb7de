// The slots in front of a keyring file, one for each root key that opens it.
// docs/formats.md section 5. Internal to sealed_keyring.cc.
#ifndef SODALITY_CRYPTO_KEYRING_SLOTS_H_
#define SODALITY_CRYPTO_KEYRING_SLOTS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/aead.h"
#include "crypto/byte_codec.h"
#include "crypto/key.h"
#include "crypto/random.h"
#include "crypto/root_slot.h"
#include "crypto/sealed_keyring.h"
#include "crypto/sha256.h"

namespace sodality::crypto {

struct SealedSlot {
  RootSlot slot;
  Bytes32 commitment;
  std::array<uint8_t, kNonceSize> nonce;
  std::array<uint8_t, KeyringFileKey::kSize + kTagSize> box;
};

struct SealedFile {
  std::span<const uint8_t> head;  // Everything in front of the body's nonce.
  std::vector<SealedSlot> slots;
  std::span<const uint8_t> nonce;
  std::span<const uint8_t> body;
};

RootSubKeys SubKeysOf(const RootKey& root);

// DATA_LOSS when the bytes are no keyring; FAILED_PRECONDITION when the format
// is newer.
absl::StatusOr<SealedFile> ParseKeyring(std::span<const uint8_t> bytes);

// A head whose slots are to be written, where they are, and how many.
std::vector<uint8_t> NewHead(size_t slots);
std::span<uint8_t> SlotsOf(std::vector<uint8_t>& head);
size_t SlotsIn(std::span<const uint8_t> head);
// Slot `index` of a head that was written here, or parsed.
SealedSlot SlotAt(std::span<const uint8_t> head, size_t index);
void WriteSlot(ByteWriter& out, const RootSlot& slot,
               const RootSubKeys& subkeys, const KeyringFileKey& file_key,
               Random& random);

[[nodiscard]] bool CommitsTo(const SealedSlot& slot,
                             const RootSubKeys& subkeys);
// DATA_LOSS when the slot commits to another root key, or was changed.
absl::StatusOr<KeyringFileKey> UnwrapFileKey(const SealedSlot& slot,
                                             const RootSubKey& seal);

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_KEYRING_SLOTS_H_
