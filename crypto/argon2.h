// A key from a passphrase. Read next: root_key.h, passphrase_box.h.
#ifndef SODALITY_CRYPTO_ARGON2_H_
#define SODALITY_CRYPTO_ARGON2_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/random.h"
#include "crypto/secret.h"

namespace sodality::crypto {

// Cost of Argon2id with one lane. The default is libsodium's MODERATE: about
// a second and 256 MiB. Larger than the limits is refused when read from a
// file, so that a file cannot ask for all memory.
struct Argon2Cost {
  uint32_t passes = 3;
  uint32_t memory_kib = 256 * 1024;
  friend bool operator==(const Argon2Cost&, const Argon2Cost&) = default;
};
inline constexpr Argon2Cost kArgon2Max = {16, 1024 * 1024};
inline constexpr Argon2Cost kArgon2Min = {1, 8};
// For tests only: under a millisecond.
inline constexpr Argon2Cost kArgon2Fast = {1, 64};

struct Argon2Parameters {
  Argon2Cost cost;
  Bytes16 salt{};
};

// INVALID_ARGUMENT outside kArgon2Min..kArgon2Max.
absl::Status CheckCost(const Argon2Cost& cost);

// 32 bytes. One derivation runs at a time in the process; others wait.
// INVALID_ARGUMENT when the cost is outside the limits or the passphrase is
// empty; RESOURCE_EXHAUSTED when there is not enough memory.
absl::StatusOr<SecretBuffer> DeriveFromPassphrase(
    const SecretBytes& passphrase, const Argon2Parameters& parameters);

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_ARGON2_H_
