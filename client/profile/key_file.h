// The bytes of device.key: PKCS#8 PEM in the clear, or that PEM in a passphrase
// box. For this folder only.
#ifndef SODALITY_CLIENT_PROFILE_KEY_FILE_H_
#define SODALITY_CLIENT_PROFILE_KEY_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/profile/pending_profile.h"
#include "client/profile/profile.h"
#include "crypto/pki/key.h"
#include "crypto/secret.h"
#include "platform/file.h"

namespace sodality {

// Errors as PendingProfile::Begin.
absl::Status WriteKeyFile(platform::FileSystem& fs, const std::string& path,
                          const pki::PrivateKey& key,
                          const KeyProtection& protection);

// Errors as ReadPrivateFile.
absl::StatusOr<crypto::SecretBuffer> ReadKeyFile(const std::string& path);

[[nodiscard]] bool IsPlainKey(const crypto::SecretBuffer& content);

// Errors as Profile::UnlockKey, DATA_LOSS when damaged.
absl::StatusOr<pki::PrivateKey> OpenKey(const crypto::SecretBuffer& content,
                                        const PassphraseSource& ask);

}  // namespace sodality

#endif  // SODALITY_CLIENT_PROFILE_KEY_FILE_H_
