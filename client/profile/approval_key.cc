#include "client/profile/approval_key.h"

#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/include/sodality/error_info.h"
#include "client/profile/private_file.h"
#include "client/profile/profile_files.h"
#include "crypto/passphrase_box.h"
#include "crypto/random.h"

namespace sodality {
namespace {

constexpr std::string_view kApprovalPurpose = "approval-key";
constexpr std::string_view kHead = "sodality-approval-key-1\n";
constexpr size_t kMaxApprovalFile = 4096;

// The head, then the seed.
crypto::SecretBytes Encode(const crypto::ApprovalKey& key) {
  const auto seed = key.Expose(crypto::AllowSecretAccess());
  auto content = crypto::SecretBytes::OfSize(kHead.size() + seed.size());
  const auto out = content.ExposeMutable(crypto::AllowSecretAccess());
  std::copy(kHead.begin(), kHead.end(), out.begin());
  std::copy(seed.begin(), seed.end(), out.begin() + kHead.size());
  return content;
}

bool IsPlain(std::span<const uint8_t> content) {
  return crypto::AsText(content).starts_with(kHead);
}

absl::StatusOr<crypto::ApprovalKey> Decode(std::span<const uint8_t> content) {
  if (IsPlain(content)) {
    auto key = crypto::ApprovalKey::FromBytes(content.subspan(kHead.size()));
    if (key.ok()) return key;
  }
  return absl::DataLossError("the key for approvals is damaged");
}

absl::StatusOr<crypto::ApprovalKey> OpenBoxed(std::span<const uint8_t> content,
                                              const PassphraseSource& ask) {
  const auto passphrase = ask();
  if (!passphrase.ok()) return passphrase.status();
  const auto opened =
      crypto::OpenWithPassphrase(content, *passphrase, kApprovalPurpose);
  if (absl::IsPermissionDenied(opened.status())) {
    return MakeError(absl::StatusCode::kPermissionDenied,
                     "the passphrase does not open this device's key for "
                     "approvals",
                     {.reason = "WRONG_PASSPHRASE",
                      .hint = "it is the one of the device's key"});
  }
  if (!opened.ok()) return opened.status();
  return Decode(opened->Expose(crypto::AllowSecretAccess()));
}

// Under a passphrase that opens the device's key, so that it is the same.
absl::StatusOr<KeyProtection> ProtectionOf(const Profile& profile,
                                           const PassphraseSource& ask) {
  KeyProtection protection;
  const auto has_one = profile.KeyHasPassphrase();
  if (!has_one.ok()) return has_one.status();
  if (!*has_one) return protection;
  auto passphrase = ask();
  if (!passphrase.ok()) return passphrase.status();
  const auto key =
      profile.UnlockKey([&]() -> absl::StatusOr<crypto::SecretBytes> {
        return passphrase->Clone();
      });
  if (!key.ok()) return key.status();
  protection.passphrase = *std::move(passphrase);
  return protection;
}

}  // namespace

absl::StatusOr<crypto::ApprovalKey> MakeApprovalKey(
    const Profile& profile, const KeyProtection& protection,
    platform::FileSystem& fs) {
  const std::string path = profile.folder() + kApprovalKeyFile;
  const auto there = ReadPrivateFile(path, kMaxApprovalFile);
  if (there.ok()) return absl::AlreadyExistsError(path + " is there");
  if (!absl::IsNotFound(there.status())) return there.status();
  auto key = crypto::ApprovalKey::Generate(crypto::SystemRandom());
  const crypto::SecretBytes content = Encode(key);
  absl::Status written;
  if (protection.passphrase) {
    const auto box = crypto::SealWithPassphrase(
        content, *protection.passphrase, {kApprovalPurpose, protection.cost},
        crypto::SystemRandom());
    if (!box.ok()) return box.status();
    written = platform::ReplaceFile(fs, path, *box);
  } else {
    written = platform::ReplaceFile(
        fs, path, content.Expose(crypto::AllowSecretAccess()));
  }
  if (!written.ok()) return written;
  return key;
}

absl::StatusOr<crypto::ApprovalKey> OpenApprovalKey(const Profile& profile,
                                                    const PassphraseSource& ask,
                                                    platform::FileSystem& fs) {
  const std::string path = profile.folder() + kApprovalKeyFile;
  const auto file = ReadPrivateFile(path, kMaxApprovalFile);
  if (absl::IsNotFound(file.status())) {
    const auto protection = ProtectionOf(profile, ask);
    if (!protection.ok()) return protection.status();
    return MakeApprovalKey(profile, *protection, fs);
  }
  if (!file.ok()) return file.status();
  const auto content = file->Expose(crypto::AllowSecretAccess());
  return IsPlain(content) ? Decode(content) : OpenBoxed(content, ask);
}

}  // namespace sodality
