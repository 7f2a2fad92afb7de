// The root key's ways in: a key file or a passphrase. Read next:
// keyring_file.h.
#ifndef SODALITY_CRYPTO_ROOT_KEY_H_
#define SODALITY_CRYPTO_ROOT_KEY_H_

#include <string>

#include "absl/status/statusor.h"
#include "crypto/argon2.h"
#include "crypto/key.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "platform/file.h"

namespace sodality::crypto {

// The text of a key file: "sodality-root-1-", 64 hex digits, "-", 8 of a
// checksum, a line feed. The prefix is there for leak scanners.
SecretBytes EncodeRootKey(const RootKey& key);
// Spaces and line feeds at the end are ignored. INVALID_ARGUMENT saying what
// is wrong (prefix, length, checksum), without the text.
absl::StatusOr<RootKey> DecodeRootKey(const SecretBytes& text);

// Makes a root key and writes its file, mode 0600, durably. ALREADY_EXISTS
// when there is a file; it is left alone.
absl::StatusOr<RootKey> CreateRootKeyFile(platform::FileSystem& fs,
                                          const std::string& path,
                                          Random& random);
// Writes the file of a root key that there is, mode 0600, durably, whatever
// stands there. Errors as platform::ReplaceFile.
absl::Status ReplaceRootKeyFile(platform::FileSystem& fs,
                                const std::string& path, const RootKey& key);
// NOT_FOUND; INVALID_ARGUMENT naming the path when it is no key file.
absl::StatusOr<RootKey> LoadRootKeyFile(platform::FileSystem& fs,
                                        const std::string& path);

// Errors as DeriveFromPassphrase.
absl::StatusOr<RootKey> RootKeyFromPassphrase(
    const SecretBytes& passphrase, const Argon2Parameters& parameters);

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_ROOT_KEY_H_
