#include "crypto/keyed_hash.h"

#include <sodium.h>

#include <cstdlib>

namespace sodality::crypto {

void KeyedBlake2b(std::span<const uint8_t> key, std::span<const uint8_t> input,
                  std::span<uint8_t> out) {
  if (crypto_generichash(out.data(), out.size(), input.data(), input.size(),
                         key.data(), key.size()) != 0) {
    std::abort();  // Sizes outside BLAKE2b's: never from input.
  }
}

CommittingKeys DeriveCommittingKeys(std::span<const uint8_t, 32> key,
                                    std::string_view domain) {
  Bytes64 both;
  KeyedBlake2b(key, AssociatedData(domain).bytes(), both);
  const std::span<const uint8_t, 64> halves = both;
  CommittingKeys keys{SubKey::CopyOf(halves.first<32>()),
                      SubKey::CopyOf(halves.last<32>())};
  Wipe(both);
  return keys;
}

RowDigester::RowDigester(const StateKey& key)
    : key_(DeriveSubKey(key, AssociatedData("sodality/row-digest-key/1"))) {}

Bytes32 RowDigester::Digest(uint16_t table_id, const Bytes16& row_id,
                            uint64_t row_version) const {
  AssociatedData input("sodality/row-digest/1");
  input.AddU16(table_id).Add(row_id).AddU64(row_version);
  return KeyedHash32(key_, input);
}

void DigestAccumulator::Toggle(const Bytes32& row_digest) {
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] ^= row_digest[i];
}

}  // namespace sodality::crypto
