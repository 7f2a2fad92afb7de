// SHA-256, for what others must be able to recompute: ledger leaves and
// certificate fingerprints. Read next: keyed_hash.h.
#ifndef SODALITY_CRYPTO_SHA256_H_
#define SODALITY_CRYPTO_SHA256_H_

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>

#include "crypto/random.h"

namespace sodality::crypto {

Bytes32 Sha256(std::span<const uint8_t> data);
// Of the parts one after the other, with nothing between them.
Bytes32 Sha256(std::initializer_list<std::span<const uint8_t>> parts);

// Of parts that come one by one. Thread safety: one user at a time.
class Sha256Stream final {
 public:
  Sha256Stream();
  Sha256Stream(Sha256Stream&&) noexcept;
  Sha256Stream& operator=(Sha256Stream&&) noexcept;
  ~Sha256Stream();
  void Add(std::span<const uint8_t> part);
  // Of all that was added; not to be used any more.
  Bytes32 Finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_SHA256_H_
