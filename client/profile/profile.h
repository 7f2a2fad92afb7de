// An enrolled device's folder: whom to call, as whom, with which key.
// Layout: docs/formats-pki.md "Profile". A folder comes into being by
// pending_profile.h; what the device remembers of its server is remembered.h.
#ifndef SODALITY_CLIENT_PROFILE_PROFILE_H_
#define SODALITY_CLIENT_PROFILE_PROFILE_H_

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/profile/profile_info.h"
#include "crypto/pki/certificate.h"
#include "crypto/pki/key.h"
#include "crypto/secret.h"
#include "platform/clock.h"
#include "platform/file.h"

namespace sodality {

// Asked at most once, and only where the key has a passphrase.
using PassphraseSource = std::function<absl::StatusOr<crypto::SecretBytes>()>;

// The first line of `path`, without its line end; later lines must be empty.
// NOT_FOUND, PERMISSION_DENIED; INVALID_ARGUMENT when it is empty or longer
// than 1024 bytes.
absl::StatusOr<crypto::SecretBytes> ReadPassphraseFile(const std::string& path);

// Move-only. Thread safety: const methods are safe.
// Secrets: none in memory; UnlockKey reads the key from its file each time.
class Profile final {
 public:
  // Reads and checks everything but the key. UNAUTHENTICATED (NOT_ENROLLED)
  // when the folder or its profile.toml is absent; FAILED_PRECONDITION when the
  // folder belongs to another user or may be changed by others; DATA_LOSS
  // naming the file when one is missing, damaged or belongs elsewhere.
  static absl::StatusOr<Profile> Load(
      const std::string& folder,
      platform::FileSystem& fs = platform::PosixFileSystem());

  const std::string& folder() const { return parts_.folder; }
  const ProfileInfo& info() const { return parts_.info; }
  const pki::CaCertificate& authority() const { return parts_.authority; }
  const pki::Certificate& certificate() const { return parts_.certificate; }

  // UNAUTHENTICATED (CERTIFICATE_EXPIRED, CERTIFICATE_NOT_YET_VALID) by this
  // machine's clock. The server hangs up on such a certificate without a word,
  // so ask before connecting.
  [[nodiscard]] absl::Status CheckInForce(platform::Timestamp now) const;
  // Two thirds of the certificate's life are over.
  [[nodiscard]] bool RenewalDue(platform::Timestamp now) const;

  // FAILED_PRECONDITION when others may read the file or it is a link;
  // PERMISSION_DENIED when the passphrase does not open it; DATA_LOSS when it
  // is damaged or not the certificate's; else what `ask` returned.
  absl::StatusOr<bool> KeyHasPassphrase() const;
  absl::StatusOr<pki::PrivateKey> UnlockKey(const PassphraseSource& ask) const;

  // Puts a renewed certificate in place of the old one, atomically.
  // INVALID_ARGUMENT unless it is this device's, for the same key and by the
  // same authority.
  absl::Status ReplaceCertificate(pki::Certificate renewed);

 private:
  struct Parts {
    std::string folder;
    platform::FileSystem* fs;
    ProfileInfo info;
    pki::CaCertificate authority;
    pki::Certificate certificate;
  };
  explicit Profile(Parts parts);

  Parts parts_;
};

}  // namespace sodality

#endif  // SODALITY_CLIENT_PROFILE_PROFILE_H_
