// From a profile on disk to a connection.
#ifndef SODALITY_CLIENT_CLI_PROFILE_CONNECTION_H_
#define SODALITY_CLIENT_CLI_PROFILE_CONNECTION_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "client/cli/memory.h"
#include "client/cli/session.h"
#include "client/include/sodality/client.h"
#include "client/profile/profile.h"

namespace sodality::cli {

// --profile, else the default folder.
absl::StatusOr<std::string> ProfileFolder(const Session& session);

// A failure of a profile's files as PROFILE_UNUSABLE; one that says its reason
// stays as it is.
absl::Status OfProfile(const absl::Status& status);

// From --passphrase-file, else asked; CANCELLED (PASSPHRASE_NEEDED) when
// neither is possible.
absl::StatusOr<crypto::SecretBytes> Passphrase(Session& session);

// Loads the profile, checks its dates, unlocks its key, connects. From two
// thirds of the certificate's life on it is renewed on the way; that this
// fails is a warning, not an error.
absl::StatusOr<std::shared_ptr<Connection>> ConnectProfile(Session& session);

// Renews now. Answers until when the new certificate is good.
absl::StatusOr<Time> RenewNow(const Client& client, Session& session);

// The file `remember` of the session's profile.
absl::StatusOr<std::unique_ptr<Memory>> OpenProfileMemory(Session& session);

}  // namespace sodality::cli

#endif  // SODALITY_CLIENT_CLI_PROFILE_CONNECTION_H_
