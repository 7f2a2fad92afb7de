// A join under way. The device's key is on disk before the server is asked, and
// the profile appears whole or not at all: a join that was cut short, even
// after the server burnt the invite, is resumed by joining again with the same
// invite, because the server answers the same key with the same certificate.
#ifndef SODALITY_CLIENT_PROFILE_PENDING_PROFILE_H_
#define SODALITY_CLIENT_PROFILE_PENDING_PROFILE_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "client/profile/profile.h"
#include "crypto/argon2.h"
#include "crypto/pki/invite_file.h"

namespace sodality {

// How the device's key lies on disk: in the clear (mode 0600) without a
// passphrase.
struct KeyProtection {
  std::optional<crypto::SecretBytes> passphrase;
  crypto::Argon2Cost cost;
};

// What the server answered, and what of it is only to be shown.
struct Enrolled {
  pki::Certificate certificate;
  std::string chapter_name;
  std::string principal_name;
};

// Move-only. Secrets: the device's key, while the object lives.
class PendingProfile final {
 public:
  // Makes `<folder>.joining` (mode 0700) with a fresh key, or takes up the one
  // that a join with the same invite left there; one of another invite is
  // thrown away. ALREADY_EXISTS when `folder` is not empty (hint: --profile);
  // ABORTED while another join is under way; FAILED_PRECONDITION or
  // PERMISSION_DENIED when the key left there needs a passphrase, or another;
  // INVALID_ARGUMENT for an empty passphrase; errors of the file system.
  static absl::StatusOr<PendingProfile> Begin(
      const std::string& folder, const pki::Invite& invite,
      const KeyProtection& protection,
      platform::FileSystem& fs = platform::PosixFileSystem());

  // To sign the request with.
  const pki::PrivateKey& key() const { return parts_.key; }
  bool resumed() const { return parts_.resumed; }

  // Writes the rest and renames the folder into place, durably.
  // UNAUTHENTICATED when the certificate is not a device's of the invite's
  // authority for this key; errors of the file system (try again then).
  absl::StatusOr<Profile> Finish(const Enrolled& enrolled);

 private:
  struct Parts {
    std::string folder;
    platform::FileSystem* fs;
    platform::FolderLock lock;
    pki::PrivateKey key;
    bool resumed;
  };
  PendingProfile(Parts parts, const pki::Invite& invite);

  Parts parts_;
  pki::CaCertificate authority_;
  std::string address_;
};

}  // namespace sodality

#endif  // SODALITY_CLIENT_PROFILE_PENDING_PROFILE_H_
