// Internal: libsodium, initialised. Every file that calls it calls this first
// where nothing else has.
#ifndef SODALITY_CRYPTO_SODIUM_READY_H_
#define SODALITY_CRYPTO_SODIUM_READY_H_

namespace sodality::crypto {

// Initialises libsodium at the first call; aborts when that fails (no source
// of randomness). Thread safety: safe. Costs one load afterwards.
void EnsureSodium();

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_SODIUM_READY_H_
