// The server's own certificate lives a year; an unsealed server has the key to
// make the next one.
#ifndef SODALITY_SERVER_APP_SERVER_CERTIFICATE_H_
#define SODALITY_SERVER_APP_SERVER_CERTIFICATE_H_

#include "absl/status/statusor.h"
#include "crypto/keyring.h"
#include "platform/clock.h"
#include "server/app/public_state.h"

namespace sodality::app {

// Replaces <data>/server.pem when two thirds of its certificate's life are
// over: same key, same name, used from the next start on. True when it did.
// FAILED_PRECONDITION when the keyring's authority is not the folder's.
absl::StatusOr<bool> RenewServerCertificate(const PublicState& state,
                                            const crypto::Keyring& keyring,
                                            platform::Timestamp now);

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_SERVER_CERTIFICATE_H_
