#include "crypto/pki/at_exit.h"

#include <openssl/crypto.h>

namespace sodality::pki {

void KeepOpensslUntilExit() {
  OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr);
}

}  // namespace sodality::pki
