#include "tests/client/profile/enrolment.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace sodality {

const pki::CertificateAuthority& TestAuthority() {
  static const auto& authority = *new pki::CertificateAuthority(
      pki::CertificateAuthority::Create(kChapter, kNow).value());
  return authority;
}

pki::Invite FreshInvite() {
  auto key = pki::PrivateKey::Generate().value();
  auto certificate = TestAuthority().IssueInvite(key.public_key(), kDeviceId,
                                                 kNow, std::chrono::hours(24));
  return {"localhost:7443",        "Ana Prado",
          "coordinator",           TestAuthority().certificate(),
          *std::move(certificate), std::move(key)};
}

KeyProtection Plain() { return {}; }

KeyProtection WithPassphrase(const std::string& passphrase) {
  return {crypto::SecretBytes::FromString(std::string(passphrase)),
          crypto::kArgon2Fast};
}

PassphraseSource Says(const std::string& passphrase) {
  return [passphrase]() -> absl::StatusOr<crypto::SecretBytes> {
    return crypto::SecretBytes::FromString(std::string(passphrase));
  };
}

PassphraseSource MustNotAsk() {
  return []() -> absl::StatusOr<crypto::SecretBytes> {
    ADD_FAILURE() << "asked for a passphrase";
    return absl::CancelledError("");
  };
}

Enrolled Answer(const pki::PublicKey& key, platform::Timestamp now) {
  return {TestAuthority().IssueDevice(key, kDeviceId, now).value(),
          "Riverside Chapter", "Ana \"A.\" Prado"};
}

absl::StatusOr<Profile> Join(const std::string& folder,
                             const KeyProtection& protection) {
  auto pending = PendingProfile::Begin(folder, FreshInvite(), protection);
  if (!pending.ok()) return pending.status();
  return pending->Finish(Answer(pending->key().public_key()));
}

void WriteAll(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

unsigned ModeOf(const std::string& path) {
  struct stat info {};
  EXPECT_EQ(stat(path.c_str(), &info), 0) << path;
  return info.st_mode & 0777U;
}

}  // namespace sodality
