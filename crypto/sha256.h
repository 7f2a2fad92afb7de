// SHA-256, for what others must be able to recompute: ledger leaves and
// certificate fingerprints. Read next: keyed_hash.h.
#ifndef SODALITY_CRYPTO_SHA256_H_
#define SODALITY_CRYPTO_SHA256_H_

#include <cstdint>
#include <initializer_list>
#include <span>

#include "crypto/random.h"

namespace sodality::crypto {

Bytes32 Sha256(std::span<const uint8_t> data);
// Of the parts one after the other, with nothing between them.
Bytes32 Sha256(std::initializer_list<std::span<const uint8_t>> parts);

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_SHA256_H_
