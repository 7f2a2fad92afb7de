// The cipher over padded content: what every sealed value of this folder is.
// Read next: record.h.
#ifndef SODALITY_CRYPTO_PADDED_AEAD_H_
#define SODALITY_CRYPTO_PADDED_AEAD_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "crypto/aad.h"
#include "crypto/aead.h"
#include "crypto/secret.h"

namespace sodality::crypto {

inline constexpr size_t kMinSealedSize = 16 + kTagSize;

// Bytes that SealPadded writes for `size` bytes of content.
size_t SealedSize(size_t size);

// `sealed` has SealedSize(content.size()) bytes.
void SealPadded(KeyBytes key, Nonce nonce, const AssociatedData& bound_to,
                std::span<const uint8_t> content, std::span<uint8_t> sealed);

// Nothing when it does not open or is not padded as SealPadded pads.
std::optional<Plaintext> OpenPadded(KeyBytes key, Nonce nonce,
                                    const AssociatedData& bound_to,
                                    std::span<const uint8_t> sealed);

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_PADDED_AEAD_H_
