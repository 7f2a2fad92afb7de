// Internal: a keyring as plain bytes, before sealing. docs/formats.md
// section 5.
#ifndef SODALITY_CRYPTO_KEYRING_CODEC_H_
#define SODALITY_CRYPTO_KEYRING_CODEC_H_

#include <cstdint>
#include <span>

#include "absl/status/statusor.h"
#include "crypto/byte_codec.h"
#include "crypto/keyring.h"
#include "crypto/secret.h"

namespace sodality::crypto {

class KeyringCodec final {
 public:
  static SecretBuffer Encode(const Keyring& keyring);
  // DATA_LOSS when the bytes are no keyring or break its invariants;
  // FAILED_PRECONDITION when they are newer than this code.
  static absl::StatusOr<Keyring> Decode(std::span<const uint8_t> bytes);

 private:
  static std::span<const uint8_t> BytesOf(const Keyring::Entry& entry);
  static void EncodeEntry(const Keyring::Entry& entry, ByteWriter& out);
  static absl::StatusOr<Keyring::Entry> DecodeEntry(ByteReader& in);
  static absl::StatusOr<Keyring::Material> ToMaterial(
      KeyKind kind, std::span<const uint8_t> bytes);
  static absl::Status CheckInvariants(const Keyring& keyring);
};

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_KEYRING_CODEC_H_
