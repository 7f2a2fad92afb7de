// Keyed BLAKE2b over canonical input: tags, commitments, digests, subkeys.
// Read next: token.h.
#ifndef SODALITY_CRYPTO_KEYED_HASH_H_
#define SODALITY_CRYPTO_KEYED_HASH_H_

#include <cstdint>
#include <span>
#include <string_view>

#include "crypto/aad.h"
#include "crypto/key.h"
#include "crypto/random.h"

namespace sodality::crypto {

// Raw keyed BLAKE2b with output of 16 to 64 bytes. A key is used either here
// or as a cipher key, never as both; the domain tag in front of `input` keeps
// uses of one key apart.
void KeyedBlake2b(std::span<const uint8_t> key, std::span<const uint8_t> input,
                  std::span<uint8_t> out);

template <class Tag, size_t kBytes, template <size_t> class Storage>
Bytes16 KeyedHash16(const Key<Tag, kBytes, Storage>& key,
                    const AssociatedData& input) {
  Bytes16 out;
  KeyedBlake2b(key.Expose(AllowSecretAccess()), input.bytes(), out);
  return out;
}

template <class Tag, size_t kBytes, template <size_t> class Storage>
Bytes32 KeyedHash32(const Key<Tag, kBytes, Storage>& key,
                    const AssociatedData& input) {
  Bytes32 out;
  KeyedBlake2b(key.Expose(AllowSecretAccess()), input.bytes(), out);
  return out;
}

template <class Tag, size_t kBytes, template <size_t> class Storage>
SubKey DeriveSubKey(const Key<Tag, kBytes, Storage>& key,
                    const AssociatedData& input) {
  Bytes32 bytes = KeyedHash32(key, input);
  SubKey subkey = SubKey::CopyOf(bytes);
  Wipe(bytes);
  return subkey;
}

// Two subkeys of a key that encrypts and commits to itself: a ciphertext under
// `seal` comes with a keyed hash under `commit`, checked before it is opened,
// because XChaCha20-Poly1305 alone can be made to open under two keys.
struct CommittingKeys {
  SubKey commit;
  SubKey seal;
};

// The halves of one keyed BLAKE2b-512 over `domain`.
CommittingKeys DeriveCommittingKeys(std::span<const uint8_t, 32> key,
                                    std::string_view domain);

// Computes the digest of one row of a table for DigestAccumulator.
// Thread safety: const methods are safe. Secrets: holds a subkey.
class RowDigester final {
 public:
  explicit RowDigester(const StateKey& key);
  Bytes32 Digest(uint16_t table_id, const Bytes16& row_id,
                 uint64_t row_version) const;

 private:
  SubKey key_;
};

// XOR of the digests of a table's rows: adding and removing a row are the same
// step, in any order. A plain value.
struct DigestAccumulator {
  Bytes32 bytes{};
  void Toggle(const Bytes32& row_digest);
  friend bool operator==(const DigestAccumulator&,
                         const DigestAccumulator&) = default;
};

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_KEYED_HASH_H_
