#include "client/profile/key_file.h"

#include <string_view>
#include <utility>

#include "client/include/sodality/error_info.h"
#include "client/profile/private_file.h"
#include "crypto/passphrase_box.h"
#include "crypto/random.h"

namespace sodality {
namespace {

constexpr std::string_view kPurpose = "device-key";
constexpr std::string_view kPlainPrefix = "-----BEGIN ";
constexpr size_t kMaxKeyFile = 16 * 1024;

absl::StatusOr<platform::Bytes> SealKey(const crypto::SecretBuffer& pem,
                                        const KeyProtection& protection) {
  const auto secret =
      crypto::SecretBytes::CopyOf(pem.Expose(crypto::AllowSecretAccess()));
  return crypto::SealWithPassphrase(secret, *protection.passphrase,
                                    {kPurpose, protection.cost},
                                    crypto::SystemRandom());
}

absl::StatusOr<crypto::SecretBuffer> OpenBox(
    const crypto::SecretBuffer& content, const PassphraseSource& ask) {
  if (!ask) {
    return MakeError(absl::StatusCode::kFailedPrecondition,
                     "the device key has a passphrase",
                     {.reason = "PASSPHRASE_NEEDED"});
  }
  const auto passphrase = ask();
  if (!passphrase.ok()) return passphrase.status();
  const auto pem = crypto::OpenWithPassphrase(
      content.Expose(crypto::AllowSecretAccess()), *passphrase, kPurpose);
  if (absl::IsPermissionDenied(pem.status())) {
    return MakeError(absl::StatusCode::kPermissionDenied,
                     "the passphrase does not open this device's key",
                     {.reason = "WRONG_PASSPHRASE",
                      .hint = "it is the one given when this device joined"});
  }
  if (!pem.ok()) return pem.status();
  return crypto::SecretBuffer::CopyOf(pem->Expose(crypto::AllowSecretAccess()));
}

absl::StatusOr<pki::PrivateKey> ParseKey(const crypto::SecretBuffer& pem) {
  auto key = pki::PrivateKey::FromPkcs8Pem(pem);
  if (!key.ok()) return absl::DataLossError("the device key is damaged");
  return key;
}

}  // namespace

absl::Status WriteKeyFile(platform::FileSystem& fs, const std::string& path,
                          const pki::PrivateKey& key,
                          const KeyProtection& protection) {
  const auto pem = key.ToPkcs8Pem();
  if (!pem.ok()) return pem.status();
  if (!protection.passphrase.has_value()) {
    return platform::ReplaceFile(fs, path,
                                 pem->Expose(crypto::AllowSecretAccess()));
  }
  const auto box = SealKey(*pem, protection);
  if (!box.ok()) return box.status();
  return platform::ReplaceFile(fs, path, *box);
}

absl::StatusOr<crypto::SecretBuffer> ReadKeyFile(const std::string& path) {
  return ReadPrivateFile(path, kMaxKeyFile);
}

bool IsPlainKey(const crypto::SecretBuffer& content) {
  return crypto::AsText(content.Expose(crypto::AllowSecretAccess()))
      .starts_with(kPlainPrefix);
}

absl::StatusOr<pki::PrivateKey> OpenKey(const crypto::SecretBuffer& content,
                                        const PassphraseSource& ask) {
  if (IsPlainKey(content)) return ParseKey(content);
  const auto pem = OpenBox(content, ask);
  if (!pem.ok()) return pem.status();
  return ParseKey(*pem);
}

}  // namespace sodality
