// Where the root key comes from: a key file, a passphrase, shares, a credential
// of systemd's, or nowhere (then the server stays sealed). Read next: shares.h.
#ifndef SODALITY_SERVER_APP_CUSTODY_H_
#define SODALITY_SERVER_APP_CUSTODY_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "crypto/key.h"
#include "crypto/root_slot.h"
#include "crypto/secret.h"
#include "server/app/exit_code.h"
#include "server/app/public_state.h"

namespace sodality::app {

// At most one of the three.
struct RootSource {
  std::string key_file;
  std::string passphrase_file;
  std::vector<std::string> share_files;

  [[nodiscard]] bool empty() const { return files().empty(); }
  // All that it names.
  std::vector<std::string> files() const;
};

inline constexpr size_t kMaxPassphraseBytes = 1024;
// Of one that a chapter is set up with: all that a stolen disk has to be tried
// with is the passphrase.
inline constexpr size_t kMinNewPassphraseBytes = 12;

// A file's first line, without its line feed. INVALID_ARGUMENT when it may not
// be read, is empty, has further lines, or is longer than kMaxPassphraseBytes;
// UNAVAILABLE when the machine fails to.
absl::StatusOr<crypto::SecretBytes> ReadPassphraseFile(const std::string& path);

// The same for a new chapter. FAILED_PRECONDITION when it is shorter than
// kMinNewPassphraseBytes, or others may open the file.
absl::StatusOr<crypto::SecretBytes> ReadNewPassphraseFile(
    const std::string& path);

// INVALID_ARGUMENT when the file may not be read or holds no root key;
// UNAVAILABLE when the machine fails to.
absl::StatusOr<crypto::RootKey> ReadRootKeyFile(const std::string& path);

// The root key that `source` gives for this folder's keyring; one of a key
// file may be another keyring's. INVALID_ARGUMENT for what is wrong with the
// source; PERMISSION_DENIED for a wrong passphrase, and for shares of something
// else or too few; else the keyring's errors.
absl::StatusOr<crypto::RootKey> ReadRootKey(const RootSource& source,
                                            const PublicState& state);

// The same for a keyring of which there are the bytes alone; a share says whose
// it is. `source` names something.
absl::StatusOr<crypto::RootKey> ReadRootKey(
    const RootSource& source, std::span<const uint8_t> keyring_file);

// Who or what has the root key: "a key file", "a passphrase", "2 of 3 shares,
// set ...".
std::string DescribeCustody(const crypto::RootSlot& slot);

// How a command ends that got `status` instead of a key. kDenied for a file of
// the folder that this user may not open.
Outcome KeyFailure(const absl::Status& status);

// The source in systemd's credentials folder, if there is one.
std::optional<RootSource> CredentialSource();

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_CUSTODY_H_
