// Asking a person for a passphrase.
#ifndef SODALITY_SERVER_APP_TERMINAL_H_
#define SODALITY_SERVER_APP_TERMINAL_H_

#include "absl/status/statusor.h"
#include "crypto/secret.h"

namespace sodality::app {

// From the controlling terminal, without echo. CANCELLED when there is none or
// nothing was typed.
absl::StatusOr<crypto::SecretBytes> AskPassphrase();

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_TERMINAL_H_
