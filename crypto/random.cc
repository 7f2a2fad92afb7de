#include "crypto/random.h"

#include <sodium.h>

#include "crypto/sodium_ready.h"

namespace sodality::crypto {
namespace {

class SodiumRandom final : public Random {
 public:
  void Fill(std::span<uint8_t> out) override {
    EnsureSodium();
    randombytes_buf(out.data(), out.size());
  }
};

}  // namespace

Random& SystemRandom() {
  static SodiumRandom random;
  return random;
}

Bytes16 RandomId(Random& random) {
  Bytes16 id;
  random.Fill(id);
  return id;
}

}  // namespace sodality::crypto
