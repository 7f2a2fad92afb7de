// A small secret under a passphrase: a device's key on a coordinator's laptop.
// docs/formats.md section 6. Read next: argon2.h.
#ifndef SODALITY_CRYPTO_PASSPHRASE_BOX_H_
#define SODALITY_CRYPTO_PASSPHRASE_BOX_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "crypto/argon2.h"
#include "crypto/random.h"
#include "crypto/secret.h"

namespace sodality::crypto {

inline constexpr size_t kMaxBoxSize = 64 * 1024;  // Bytes of plaintext.

// What a box is for, e.g. "device-key", and how hard it is to open.
struct BoxSpec {
  std::string_view purpose;
  Argon2Cost cost;
};

// INVALID_ARGUMENT above kMaxBoxSize or as DeriveFromPassphrase.
absl::StatusOr<std::vector<uint8_t>> SealWithPassphrase(
    const SecretBytes& secret, const SecretBytes& passphrase,
    const BoxSpec& spec, Random& random);

// PERMISSION_DENIED "the passphrase does not open this file" when the
// passphrase or the purpose differs; DATA_LOSS when the box is damaged;
// FAILED_PRECONDITION when the format is newer than this code.
absl::StatusOr<SecretBytes> OpenWithPassphrase(std::span<const uint8_t> box,
                                               const SecretBytes& passphrase,
                                               std::string_view purpose);

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_PASSPHRASE_BOX_H_
