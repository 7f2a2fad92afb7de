// From a loaded profile and its unlocked key to a connection; what
// connect_profile.h and the command have in common. For client/.
#ifndef SODALITY_CLIENT_PROFILE_PROFILE_CONNECTION_H_
#define SODALITY_CLIENT_PROFILE_PROFILE_CONNECTION_H_

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/include/sodality/client.h"
#include "client/include/sodality/options.h"
#include "client/profile/profile.h"

namespace sodality {

using RenewalFailed = std::function<void(const absl::Status&)>;

// From two thirds of the certificate's life on it is renewed on the way; that
// this fails is told, and no error. Errors as Connect.
absl::StatusOr<std::shared_ptr<Connection>> ConnectAs(
    Profile& profile, const pki::PrivateKey& key, Options options,
    const RenewalFailed& renewal_failed);

// Renews now, with the same key, so that one under a passphrase stays where it
// is. Errors of the call, and of writing the file; INTERNAL (SERVER_FAILED)
// when what comes is no certificate for this device.
absl::Status Renew(const Client& client, const pki::PrivateKey& key,
                   Profile& profile);

}  // namespace sodality

#endif  // SODALITY_CLIENT_PROFILE_PROFILE_CONNECTION_H_
