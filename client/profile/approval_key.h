// This device's key for approving acts (docs/adr/0027-approvals.md): the file
// approval.key, beside the device's key and under the same passphrase.
#ifndef SODALITY_CLIENT_PROFILE_APPROVAL_KEY_H_
#define SODALITY_CLIENT_PROFILE_APPROVAL_KEY_H_

#include <optional>

#include "absl/status/statusor.h"
#include "client/profile/pending_profile.h"
#include "client/profile/profile.h"
#include "crypto/signing.h"
#include "platform/file.h"

namespace sodality {

// Makes one, durably, in a folder that has none; else ALREADY_EXISTS. Errors
// of the file system.
absl::StatusOr<crypto::ApprovalKey> MakeApprovalKey(
    const Profile& profile, const KeyProtection& protection,
    platform::FileSystem& fs = platform::PosixFileSystem());

// The one that is there, or a new one, under the device key's passphrase when
// that has one. Errors as Profile::UnlockKey.
absl::StatusOr<crypto::ApprovalKey> OpenApprovalKey(
    const Profile& profile, const PassphraseSource& ask,
    platform::FileSystem& fs = platform::PosixFileSystem());

}  // namespace sodality

#endif  // SODALITY_CLIENT_PROFILE_APPROVAL_KEY_H_
