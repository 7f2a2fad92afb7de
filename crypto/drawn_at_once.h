// Random bytes in one call of the system, for whoever knows how many it takes.
// Read next: random.h.
#ifndef SODALITY_CRYPTO_DRAWN_AT_ONCE_H_
#define SODALITY_CRYPTO_DRAWN_AT_ONCE_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "crypto/random.h"
#include "crypto/secret.h"

namespace sodality::crypto {

// Draws `bytes` of `source` when it is made and hands them out in their order,
// each once. For one act: a machine that is put back to a snapshot of its
// memory would hand out again what lies drawn and unused. Thread safety: one
// user at a time. Secrets: wiped at destruction.
class DrawnAtOnce final : public Random {
 public:
  DrawnAtOnce(Random& source, size_t bytes);
  // Asking for more than there is aborts the process.
  void Fill(std::span<uint8_t> out) override;

 private:
  SecretBytes bytes_;
  size_t used_ = 0;
};

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_DRAWN_AT_ONCE_H_
