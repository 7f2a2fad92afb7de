// Randomness that repeats: for vectors and for tests that count calls.
#ifndef SODALITY_TESTS_CRYPTO_SEEDED_RANDOM_H_
#define SODALITY_TESTS_CRYPTO_SEEDED_RANDOM_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "crypto/byte_codec.h"
#include "crypto/keyed_hash.h"
#include "crypto/random.h"
#include "platform/mutex.h"

namespace sodality::crypto {

class SeededRandom final : public Random {
 public:
  explicit SeededRandom(uint64_t seed) : seed_(seed) {}

  void Fill(std::span<uint8_t> out) override {
    const platform::MutexLock lock(mutex_);
    while (!out.empty()) {
      Bytes64 block;
      KeyedBlake2b(Bytes32{}, BlockInput(), block);
      const size_t size = std::min(out.size(), block.size());
      std::copy_n(block.begin(), size, out.begin());
      out = out.subspan(size);
    }
  }

 private:
  std::array<uint8_t, 16> BlockInput() SODALITY_REQUIRES(mutex_) {
    std::array<uint8_t, 16> input;
    ByteWriter writer(input);
    writer.Put(seed_);
    writer.Put(blocks_++);
    return input;
  }

  const uint64_t seed_;
  platform::Mutex mutex_;
  uint64_t blocks_ SODALITY_GUARDED_BY(mutex_) = 0;
};

}  // namespace sodality::crypto

#endif  // SODALITY_TESTS_CRYPTO_SEEDED_RANDOM_H_
