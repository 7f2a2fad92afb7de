#include "server/app/custody.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "crypto/keyring_file.h"
#include "crypto/root_key.h"
#include "crypto/sealed_keyring.h"
#include "platform/file.h"
#include "platform/file_error.h"
#include "server/app/named_file.h"
#include "server/app/shares.h"
#include "text/base32.h"

namespace sodality::app {

std::vector<std::string> RootSource::files() const {
  std::vector<std::string> all = share_files;
  if (!key_file.empty()) all.push_back(key_file);
  if (!passphrase_file.empty()) all.push_back(passphrase_file);
  return all;
}

absl::StatusOr<crypto::SecretBytes> ReadPassphraseFile(
    const std::string& path) {
  auto bytes = platform::ReadFile(platform::PosixFileSystem(), path,
                                  kMaxPassphraseBytes + 1);
  if (!bytes.ok()) return OfNamedFile(bytes.status());
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

absl::StatusOr<crypto::SecretBytes> ReadNewPassphraseFile(
    const std::string& path) {
  auto passphrase = ReadPassphraseFile(path);
  if (!passphrase.ok()) return passphrase;
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0 ||
      (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return absl::FailedPreconditionError(
        path + " is open to other users: chmod 600 it");
  }
  if (passphrase->size() < kMinNewPassphraseBytes) {
    return absl::FailedPreconditionError(
        path + ": a passphrase of a new chapter has 12 bytes or more");
  }
  return passphrase;
}

absl::StatusOr<crypto::RootKey> ReadRootKeyFile(const std::string& path) {
  auto key = crypto::LoadRootKeyFile(platform::PosixFileSystem(), path);
  if (!key.ok()) return OfNamedFile(key.status());
  return key;
}

absl::StatusOr<crypto::RootKey> ReadRootKey(const RootSource& source,
                                            const PublicState& state) {
  if (!source.key_file.empty()) return ReadRootKeyFile(source.key_file);
  if (!source.share_files.empty()) {
    return RootFromShareFiles(source.share_files, state.folder,
                              state.chapter.info.id.bytes);
  }
  const auto passphrase = ReadPassphraseFile(source.passphrase_file);
  if (!passphrase.ok()) return passphrase.status();
  auto root =
      crypto::KeyringFile(platform::PosixFileSystem(), state.folder.keyring())
          .RootFor(*passphrase);
  if (!root.ok()) return root.status();
  return std::move(root->key);
}

absl::StatusOr<crypto::RootKey> ReadRootKey(
    const RootSource& source, std::span<const uint8_t> keyring_file) {
  if (!source.key_file.empty()) return ReadRootKeyFile(source.key_file);
  if (!source.share_files.empty()) {
    const auto slots = crypto::ReadRootSlots(keyring_file);
    if (!slots.ok()) return slots.status();
    return RootFromShareFiles(source.share_files, *slots);
  }
  const auto passphrase = ReadPassphraseFile(source.passphrase_file);
  if (!passphrase.ok()) return passphrase.status();
  auto root = crypto::RootFromPassphrase(keyring_file, *passphrase);
  if (!root.ok()) return root.status();
  return std::move(root->key);
}

std::string DescribeCustody(const crypto::RootSlot& slot) {
  if (slot.custody == crypto::Custody::kPassphrase) return "a passphrase";
  if (slot.custody != crypto::Custody::kShares) return "a key file";
  const crypto::ShareSet& shares = slot.shares;
  return std::to_string(shares.threshold) + " of " +
         std::to_string(shares.count) + " shares, set " +
         text::EncodeBase32(shares.id);
}

Outcome KeyFailure(const absl::Status& status) {
  const int error = platform::ErrnoOf(status);
  if (platform::IsFaultOfMachine(error)) {
    return Fail(ExitCode::kFailed, status,
                "is the disk failing or full, or a limit reached?");
  }
  if (error == EACCES || error == EPERM) {
    return Fail(ExitCode::kDenied, status,
                "run this as the user whose data folder it is");
  }
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
      return Fail(ExitCode::kUsage, status,
                  "is the path right, and the file as it was made?");
    case absl::StatusCode::kPermissionDenied:
      return Fail(ExitCode::kSealed, status,
                  "give the key, passphrase or shares that this folder was set "
                  "up with");
    case absl::StatusCode::kAlreadyExists:
      return Fail(ExitCode::kConflict, status, "hand in another one");
    case absl::StatusCode::kNotFound:
      return Fail(ExitCode::kNotFound, status,
                  "--data is the folder that sodalityd init made");
    case absl::StatusCode::kCancelled:
      return Fail(ExitCode::kCancelled, status,
                  "give --passphrase-file FILE or --root-key FILE");
    default:
      return Fail(ExitCode::kFailed, status,
                  "`sodalityd doctor` says what is wrong");
  }
}

std::optional<RootSource> CredentialSource() {
  const char* credentials = std::getenv("CREDENTIALS_DIRECTORY");
  if (credentials == nullptr) return std::nullopt;
  const std::string path = std::string(credentials) + "/root-key";
  if (::access(path.c_str(), F_OK) != 0) return std::nullopt;
  return RootSource{.key_file = path};
}

}  // namespace sodality::app
