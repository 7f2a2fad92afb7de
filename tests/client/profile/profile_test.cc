#include "client/profile/profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "client/include/sodality/connect_profile.h"
#include "client/include/sodality/error_info.h"
#include "tests/client/profile/enrolment.h"

namespace sodality {
namespace {

using absl::StatusCode;
using testing::HasSubstr;

class ProfileTest : public testing::Test {
 protected:
  Profile JoinAndLoad(const KeyProtection& protection = Plain()) {
    EXPECT_TRUE(Join(folder_, protection).ok());
    return Profile::Load(folder_).value();
  }
  void ExpectDataLossNaming(const std::string& file) {
    const auto status = Profile::Load(folder_).status();
    EXPECT_EQ(status.code(), StatusCode::kDataLoss) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(folder_ + file));
  }

  const Scratch scratch_;
  const std::string folder_ = scratch_ / "profile";
};

TEST_F(ProfileTest, LoadsWhatJoinLeft) {
  const Profile profile = JoinAndLoad();
  EXPECT_EQ(profile.folder(), folder_);
  EXPECT_EQ(profile.info(),
            (ProfileInfo{.address = "localhost:7443",
                         .chapter_id = kChapter,
                         .chapter_name = "Riverside Chapter",
                         .server_name = kChapter + ".sodality.internal",
                         .device_id = kDeviceId,
                         .principal_name = "Ana \"A.\" Prado"}));
  EXPECT_EQ(profile.authority().der(), TestAuthority().certificate().der());
  const auto key = profile.UnlockKey(MustNotAsk());
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(key->public_key(), profile.certificate().public_key());
  EXPECT_FALSE(profile.KeyHasPassphrase().value());
}

TEST_F(ProfileTest, AbsentProfileIsNotEnrolled) {
  for (const std::string& folder : {folder_, folder_ + "/none/below"}) {
    const auto status = Profile::Load(folder).status();
    EXPECT_EQ(status.code(), StatusCode::kUnauthenticated);
    EXPECT_EQ(status.message(), "no profile in " + folder);
    EXPECT_EQ(GetErrorInfo(status).reason, "NOT_ENROLLED");
    EXPECT_THAT(GetErrorInfo(status).hint, HasSubstr("sodality join"));
    EXPECT_EQ(ExitCodeOf(status), ExitCode::kNotEnrolled);
  }
}

TEST_F(ProfileTest, MissingAndDamagedFilesAreNamed) {
  for (const char* file : {"/ca.pem", "/device.pem", "/profile.toml"}) {
    JoinAndLoad();
    const std::string content = ReadAll(folder_ + file);
    WriteAll(folder_ + file, content.substr(0, content.size() / 2));
    ExpectDataLossNaming(file);
    if (std::string(file) != "/profile.toml") {
      std::filesystem::remove(folder_ + file);
      ExpectDataLossNaming(file);
    }
    std::filesystem::remove_all(folder_);
  }
}

TEST_F(ProfileTest, AnotherChaptersAuthorityIsRefused) {
  JoinAndLoad();
  const auto same_name =
      pki::CertificateAuthority::Create(kChapter, kNow).value();
  WriteAll(folder_ + "/ca.pem", same_name.certificate().ToPem());
  ExpectDataLossNaming("/device.pem");
  const auto other =
      pki::CertificateAuthority::Create("bbbbbbbbbbbbbbbbbbbbbbbbbb", kNow)
          .value();
  WriteAll(folder_ + "/ca.pem", other.certificate().ToPem());
  ExpectDataLossNaming("/ca.pem");
}

TEST_F(ProfileTest, CertificateOfAnotherDeviceOrKindIsRefused) {
  const Profile profile = JoinAndLoad();
  const auto& key = profile.certificate().public_key();
  const std::string other_id = "bbbbbbbbbbbbbbbbbbbbbbbbbb";
  WriteAll(folder_ + "/device.pem",
           TestAuthority().IssueDevice(key, other_id, kNow)->ToPem());
  ExpectDataLossNaming("/device.pem");
  WriteAll(folder_ + "/device.pem",
           TestAuthority()
               .IssueInvite(key, kDeviceId, kNow, std::chrono::hours(1))
               ->ToPem());
  ExpectDataLossNaming("/device.pem");
}

TEST_F(ProfileTest, FolderThatOthersMayChangeIsRefused) {
  JoinAndLoad();
  for (const mode_t mode : {0777U, 0702U, 0720U}) {
    ASSERT_EQ(chmod(folder_.c_str(), mode), 0);
    EXPECT_EQ(Profile::Load(folder_).status().code(),
              StatusCode::kFailedPrecondition);
  }
  ASSERT_EQ(chmod(folder_.c_str(), 0755), 0);
  EXPECT_TRUE(Profile::Load(folder_).ok());
}

TEST_F(ProfileTest, KeyOpenToOthersIsRefused) {
  const Profile profile = JoinAndLoad();
  for (const mode_t mode : {0640U, 0604U, 0620U, 0644U}) {
    ASSERT_EQ(chmod((folder_ + "/device.key").c_str(), mode), 0);
    const auto status = profile.UnlockKey(MustNotAsk()).status();
    EXPECT_EQ(status.code(), StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(status.message()), HasSubstr("chmod 600"));
    EXPECT_EQ(profile.KeyHasPassphrase().status(), status);
  }
}

TEST_F(ProfileTest, MissingDamagedAndForeignKeysAreDataLoss) {
  const Profile profile = JoinAndLoad();
  const std::string path = folder_ + "/device.key";
  const std::string content = ReadAll(path);
  WriteAll(path, content.substr(0, 100));
  EXPECT_EQ(profile.UnlockKey(MustNotAsk()).status().code(),
            StatusCode::kDataLoss);
  const auto other = pki::PrivateKey::Generate()->ToPkcs8Pem().value();
  WriteAll(
      path,
      std::string(crypto::AsText(other.Expose(crypto::AllowSecretAccess()))));
  const auto status = profile.UnlockKey(MustNotAsk()).status();
  EXPECT_EQ(status.code(), StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr("does not belong"));
  std::filesystem::remove(path);
  EXPECT_EQ(profile.UnlockKey(MustNotAsk()).status().code(),
            StatusCode::kDataLoss);
}

TEST_F(ProfileTest, PassphraseOpensTheKeyAndNothingElseDoes) {
  const Profile profile = JoinAndLoad(WithPassphrase("correct horse"));
  EXPECT_TRUE(profile.KeyHasPassphrase().value());
  EXPECT_THAT(ReadAll(folder_ + "/device.key"), Not(HasSubstr("PRIVATE KEY")));
  const auto key = profile.UnlockKey(Says("correct horse"));
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(key->public_key(), profile.certificate().public_key());
  EXPECT_EQ(profile.UnlockKey(Says("correct horsf")).status().code(),
            StatusCode::kPermissionDenied);
  EXPECT_EQ(profile.UnlockKey(nullptr).status().code(),
            StatusCode::kFailedPrecondition);
  EXPECT_EQ(profile
                .UnlockKey([]() -> absl::StatusOr<crypto::SecretBytes> {
                  return absl::CancelledError("nobody there");
                })
                .status(),
            absl::CancelledError("nobody there"));
}

TEST_F(ProfileTest, CertificateIsInForceFromItsFirstSecondUntilItsEnd) {
  const Profile profile = JoinAndLoad();
  const pki::Validity& life = profile.certificate().validity();
  const std::chrono::seconds second(1);
  EXPECT_TRUE(profile.CheckInForce(life.not_before).ok());
  EXPECT_TRUE(profile.CheckInForce(life.not_after - second).ok());
  const auto expired = profile.CheckInForce(life.not_after);
  EXPECT_EQ(GetErrorInfo(expired).reason, "CERTIFICATE_EXPIRED");
  EXPECT_EQ(ExitCodeOf(expired), ExitCode::kNotEnrolled);
  const auto early = profile.CheckInForce(life.not_before - second);
  EXPECT_EQ(GetErrorInfo(early).reason, "CERTIFICATE_NOT_YET_VALID");
  EXPECT_EQ(ExitCodeOf(early), ExitCode::kNotEnrolled);
}

TEST_F(ProfileTest, RenewalIsDueAtTwoThirds) {
  const Profile profile = JoinAndLoad();
  EXPECT_FALSE(profile.RenewalDue(kNow + std::chrono::hours(24 * 59)));
  EXPECT_TRUE(profile.RenewalDue(kNow + std::chrono::hours(24 * 60)));
}

TEST_F(ProfileTest, RenewedCertificateTakesTheOldOnesPlace) {
  Profile profile = JoinAndLoad();
  const auto later = kNow + std::chrono::hours(24 * 60);
  const auto renewed =
      Answer(profile.certificate().public_key(), later).certificate;
  EXPECT_TRUE(profile.ReplaceCertificate(renewed).ok());
  EXPECT_EQ(profile.certificate().der(), renewed.der());
  EXPECT_EQ(Profile::Load(folder_)->certificate().der(), renewed.der());
}

TEST_F(ProfileTest, RenewedCertificateMustBeThisDevices) {
  Profile profile = JoinAndLoad();
  const std::string before = ReadAll(folder_ + "/device.pem");
  const auto& key = profile.certificate().public_key();
  const auto other = pki::PrivateKey::Generate().value();
  const auto stranger =
      pki::CertificateAuthority::Create(kChapter, kNow).value();
  for (const auto& certificate :
       {Answer(other.public_key()).certificate,
        TestAuthority()
            .IssueDevice(key, "bbbbbbbbbbbbbbbbbbbbbbbbbb", kNow)
            .value(),
        stranger.IssueDevice(key, kDeviceId, kNow).value()}) {
    EXPECT_EQ(profile.ReplaceCertificate(certificate).code(),
              StatusCode::kInvalidArgument);
  }
  EXPECT_EQ(ReadAll(folder_ + "/device.pem"), before);
}

class PassphraseFileTest : public testing::Test {
 protected:
  absl::StatusOr<crypto::SecretBytes> Read(const std::string& content) {
    WriteAll(path_, content);
    return ReadPassphraseFile(path_);
  }

  const Scratch scratch_;
  const std::string path_ = scratch_ / "passphrase";
};

TEST_F(PassphraseFileTest, OneLineEndIsNotPartOfIt) {
  for (const char* content :
       {"pass phrase", "pass phrase\n", "pass phrase\r\n"}) {
    const auto read = Read(content);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(crypto::AsText(read->Expose(crypto::AllowSecretAccess())),
              "pass phrase");
  }
}

TEST_F(PassphraseFileTest, EmptyLongAndSeveralLinesAreRefused) {
  for (const std::string& content :
       {std::string(), std::string("\n"), std::string("a\nb\n"),
        std::string("a\n\n"), std::string(1025, 'x'), std::string(5000, 'x')}) {
    EXPECT_EQ(Read(content).status().code(), StatusCode::kInvalidArgument);
  }
  EXPECT_TRUE(Read(std::string(1024, 'x') + "\r\n").ok());
  EXPECT_EQ(ReadPassphraseFile(path_ + "-none").status().code(),
            StatusCode::kNotFound);
}

class DefaultFolderTest : public testing::Test {
 protected:
  void Environment(const char* config, const char* home) {
    config != nullptr ? setenv("XDG_CONFIG_HOME", config, 1)
                      : unsetenv("XDG_CONFIG_HOME");
    home != nullptr ? setenv("HOME", home, 1) : unsetenv("HOME");
  }
};

TEST_F(DefaultFolderTest, FollowsXdgThenHome) {
  Environment("/c", "/h");
  EXPECT_EQ(DefaultProfileFolder().value(), "/c/sodality");
  Environment("relative", "/h");
  EXPECT_EQ(DefaultProfileFolder().value(), "/h/.config/sodality");
  Environment("", "/h");
  EXPECT_EQ(DefaultProfileFolder().value(), "/h/.config/sodality");
  Environment(nullptr, nullptr);
  EXPECT_EQ(DefaultProfileFolder().status().code(),
            StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace sodality
