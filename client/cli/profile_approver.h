// From a profile on disk to who signs what its device approves.
#ifndef SODALITY_CLIENT_CLI_PROFILE_APPROVER_H_
#define SODALITY_CLIENT_CLI_PROFILE_APPROVER_H_

#include "absl/status/statusor.h"
#include "client/cli/approver.h"
#include "client/cli/session.h"
#include "client/profile/pending_profile.h"
#include "client/profile/profile.h"
#include "crypto/pki/key.h"

namespace sodality::cli {

// The session's profile's, whose key is made when there is none. Asks for the
// passphrase where the device's key has one.
absl::StatusOr<Approver> OpenApprover(Session& session);

// Makes an admin's key and tells the server of it, over the new device's own
// connection. What fails here is done when the key is first needed.
void RegisterAtJoin(Profile profile, const pki::PrivateKey& key,
                    const KeyProtection& protection, Session& session);

}  // namespace sodality::cli

#endif  // SODALITY_CLIENT_CLI_PROFILE_APPROVER_H_
