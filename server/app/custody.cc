#include "server/app/custody.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "crypto/root_key.h"
#include "platform/file.h"

namespace sodality::app {

absl::StatusOr<crypto::SecretBytes> ReadPassphraseFile(
    const std::string& path) {
  auto bytes = platform::ReadFile(platform::PosixFileSystem(), path,
                                  kMaxPassphraseBytes + 1);
  if (!bytes.ok()) return bytes.status();
  auto passphrase = crypto::SecretBytes::CopyOf(*bytes);
  const auto end = std::find(bytes->begin(), bytes->end(), '\n');
  const auto length = static_cast<size_t>(end - bytes->begin());
  const bool one_line = length + 1 >= bytes->size();
  crypto::Wipe(*bytes);
  if (length == 0 || !one_line || length > kMaxPassphraseBytes) {
    return absl::InvalidArgumentError(path +
                                      " must hold one passphrase on one line");
  }
  passphrase.Truncate(length);
  return passphrase;
}

absl::StatusOr<crypto::RootKey> ReadRootKey(const RootSource& source,
                                            const DataFolder& folder) {
  platform::FileSystem& fs = platform::PosixFileSystem();
  if (!source.key_file.empty()) {
    return crypto::LoadRootKeyFile(fs, source.key_file);
  }
  const auto passphrase = ReadPassphraseFile(source.passphrase_file);
  if (!passphrase.ok()) return passphrase.status();
  auto root = crypto::KeyringFile(fs, folder.keyring()).RootFor(*passphrase);
  if (!root.ok()) return root.status();
  return std::move(root->key);
}

std::optional<RootSource> CredentialSource() {
  const char* credentials = std::getenv("CREDENTIALS_DIRECTORY");
  if (credentials == nullptr) return std::nullopt;
  const std::string path = std::string(credentials) + "/root-key";
  if (::access(path.c_str(), F_OK) != 0) return std::nullopt;
  return RootSource{.key_file = path, .passphrase_file = {}};
}

}  // namespace sodality::app
