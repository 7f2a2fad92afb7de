// Randomness, injected so that vectors can be reproduced. Read next: secret.h.
#ifndef SODALITY_CRYPTO_RANDOM_H_
#define SODALITY_CRYPTO_RANDOM_H_

#include <array>
#include <cstdint>
#include <span>

namespace sodality::crypto {

using Bytes16 = std::array<uint8_t, 16>;
using Bytes32 = std::array<uint8_t, 32>;
using Bytes64 = std::array<uint8_t, 64>;

// Thread safety: implementations are safe.
class Random {
 public:
  virtual ~Random() = default;
  virtual void Fill(std::span<uint8_t> out) = 0;
};

// The operating system's generator. Lives for the process; never fails (the
// process aborts if the system has no randomness).
Random& SystemRandom();

// 128 random bits: the id of a member, a principal, a device, a request.
Bytes16 RandomId(Random& random);

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_RANDOM_H_
