#include "crypto/sodium_ready.h"

#include <sodium.h>

#include <cstdlib>

namespace sodality::crypto {

void EnsureSodium() {
  static const bool ready = sodium_init() >= 0;
  if (!ready) std::abort();
}

}  // namespace sodality::crypto
