// XChaCha20-Poly1305 (IETF), the one cipher. Building block of record.h and
// sealed_blob.h, which callers outside crypto/ use instead. Read next:
// record.h.
#ifndef SODALITY_CRYPTO_AEAD_H_
#define SODALITY_CRYPTO_AEAD_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "crypto/aad.h"

namespace sodality::crypto {

inline constexpr size_t kNonceSize = 24;
inline constexpr size_t kTagSize = 16;

using KeyBytes = std::span<const uint8_t, 32>;
using Nonce = std::span<const uint8_t, kNonceSize>;

// Writes plaintext.size() + kTagSize bytes to `sealed`, which has that size.
// `plaintext` may be the front of `sealed`. A nonce is random and never used
// twice with one key.
void AeadSeal(KeyBytes key, Nonce nonce, const AssociatedData& bound_to,
              std::span<const uint8_t> plaintext, std::span<uint8_t> sealed);

// Writes sealed.size() - kTagSize bytes to `plaintext`, which has that size.
// False, with `plaintext` zeroed, when anything differs from what was sealed.
[[nodiscard]] bool AeadOpen(KeyBytes key, Nonce nonce,
                            const AssociatedData& bound_to,
                            std::span<const uint8_t> sealed,
                            std::span<uint8_t> plaintext);

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_AEAD_H_
