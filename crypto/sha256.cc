#include "crypto/sha256.h"

#include <sodium.h>

namespace sodality::crypto {

Bytes32 Sha256(std::span<const uint8_t> data) { return Sha256({data}); }

Bytes32 Sha256(std::initializer_list<std::span<const uint8_t>> parts) {
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  for (const std::span<const uint8_t> part : parts) {
    crypto_hash_sha256_update(&state, part.data(), part.size());
  }
  Bytes32 out;
  crypto_hash_sha256_final(&state, out.data());
  return out;
}

}  // namespace sodality::crypto
