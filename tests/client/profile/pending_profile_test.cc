#include "client/profile/pending_profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "client/include/sodality/error_info.h"
#include "tests/client/profile/enrolment.h"
#include "tests/faults/fault_file_system.h"

namespace sodality {
namespace {

using absl::StatusCode;
namespace files = std::filesystem;

TEST(PendingProfileTest, NothingStandsInTheFolderBeforeTheServerAnswers) {
  const Scratch scratch;
  const std::string folder = scratch / "a/b/sodality";
  auto pending = PendingProfile::Begin(folder, FreshInvite(), Plain());
  ASSERT_TRUE(pending.ok()) << pending.status();
  EXPECT_FALSE(pending->resumed());
  EXPECT_FALSE(files::exists(folder));
  EXPECT_EQ(Profile::Load(folder).status().code(),
            StatusCode::kUnauthenticated);
  EXPECT_TRUE(pending->Finish(Answer(pending->key().public_key())).ok());
  EXPECT_FALSE(files::exists(folder + ".joining"));
}

TEST(PendingProfileTest, EverythingIsTheOwnersAlone) {
  const Scratch scratch;
  const std::string parent = scratch / "config";
  const std::string folder = parent + "/sodality/";
  ASSERT_TRUE(Join(folder, Plain()).ok());
  EXPECT_EQ(ModeOf(parent), 0700U);
  EXPECT_EQ(ModeOf(folder), 0700U);
  for (const auto& entry : files::directory_iterator(folder)) {
    EXPECT_EQ(ModeOf(entry.path()), 0600U) << entry.path();
  }
}

TEST(PendingProfileTest, FolderInUseIsRefusedUntouched) {
  const Scratch scratch;
  const std::string folder = scratch / "profile";
  ASSERT_TRUE(Join(folder, Plain()).ok());
  const std::string key = ReadAll(folder + "/device.key");
  const auto status = Join(folder, Plain()).status();
  EXPECT_EQ(status.code(), StatusCode::kAlreadyExists);
  EXPECT_EQ(GetErrorInfo(status).reason, "PROFILE_EXISTS");
  EXPECT_EQ(ReadAll(folder + "/device.key"), key);
  EXPECT_FALSE(files::exists(folder + ".joining"));
}

TEST(PendingProfileTest, SameInviteTakesUpItsKey) {
  const Scratch scratch;
  const std::string folder = scratch / "profile";
  const pki::Invite invite = FreshInvite();
  const pki::PublicKey first =
      PendingProfile::Begin(folder, invite, Plain()).value().key().public_key();
  auto again = PendingProfile::Begin(folder, invite, Plain());
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->resumed());
  EXPECT_EQ(again->key().public_key(), first);
  EXPECT_TRUE(again->Finish(Answer(first)).ok());
}

TEST(PendingProfileTest, AnotherInviteBeginsAnew) {
  const Scratch scratch;
  const std::string folder = scratch / "profile";
  const pki::PublicKey first =
      PendingProfile::Begin(folder, FreshInvite(), Plain())
          .value()
          .key()
          .public_key();
  const auto other = PendingProfile::Begin(folder, FreshInvite(), Plain());
  ASSERT_TRUE(other.ok()) << other.status();
  EXPECT_FALSE(other->resumed());
  EXPECT_FALSE(other->key().public_key() == first);
}

TEST(PendingProfileTest, ResumingKeepsToThePassphrase) {
  const Scratch scratch;
  const std::string folder = scratch / "profile";
  const pki::Invite invite = FreshInvite();
  const auto begin = [&](const KeyProtection& protection) {
    return PendingProfile::Begin(folder, invite, protection).status();
  };
  ASSERT_TRUE(begin(WithPassphrase("one")).ok());
  EXPECT_TRUE(begin(WithPassphrase("one")).ok());
  EXPECT_EQ(begin(WithPassphrase("two")).code(), StatusCode::kPermissionDenied);
  EXPECT_EQ(begin(Plain()).code(), StatusCode::kFailedPrecondition);
}

TEST(PendingProfileTest, ResumingAPlainKeyWithAPassphraseSealsIt) {
  const Scratch scratch;
  const std::string folder = scratch / "profile";
  const pki::Invite invite = FreshInvite();
  ASSERT_TRUE(PendingProfile::Begin(folder, invite, Plain()).ok());
  auto pending = PendingProfile::Begin(folder, invite, WithPassphrase("one"));
  ASSERT_TRUE(pending.ok()) << pending.status();
  EXPECT_TRUE(pending->resumed());
  const auto profile = pending->Finish(Answer(pending->key().public_key()));
  ASSERT_TRUE(profile.ok()) << profile.status();
  EXPECT_TRUE(profile->KeyHasPassphrase().value());
  EXPECT_TRUE(profile->UnlockKey(Says("one")).ok());
}

TEST(PendingProfileTest, EmptyPassphraseIsRefused) {
  EXPECT_EQ(PendingProfile::Begin(Scratch() / "profile", FreshInvite(),
                                  WithPassphrase(""))
                .status()
                .code(),
            StatusCode::kInvalidArgument);
}

TEST(PendingProfileTest, TwoJoinsAtOnceAreRefused) {
  const Scratch scratch;
  const std::string folder = scratch / "profile";
  const pki::Invite invite = FreshInvite();
  const auto first = PendingProfile::Begin(folder, invite, Plain());
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(PendingProfile::Begin(folder, invite, Plain()).status().code(),
            StatusCode::kAborted);
}

TEST(PendingProfileTest, AnswerForAnotherKeyKindOrAuthorityIsRefused) {
  const Scratch scratch;
  const std::string folder = scratch / "profile";
  auto pending = PendingProfile::Begin(folder, FreshInvite(), Plain()).value();
  const pki::PublicKey& key = pending.key().public_key();
  const auto other = pki::PrivateKey::Generate().value();
  const auto stranger =
      pki::CertificateAuthority::Create(kChapter, kNow).value();
  for (const auto& certificate :
       {Answer(other.public_key()).certificate,
        stranger.IssueDevice(key, kDeviceId, kNow).value(),
        TestAuthority()
            .IssueInvite(key, kDeviceId, kNow, std::chrono::hours(1))
            .value()}) {
    EXPECT_EQ(pending.Finish({certificate, "", ""}).status().code(),
              StatusCode::kInternal);
  }
  EXPECT_FALSE(files::exists(folder));
  EXPECT_TRUE(pending.Finish(Answer(key)).ok());
}

// Killed at any change: either there is no profile, and the same invite goes on
// with the key that the server may have seen, or there is a whole one.
TEST(PendingProfileTest, KilledAnywhereNoHalfProfileAndNoLostKey) {
  bool struck = true;
  int rounds = 0;
  for (int nth = 1; struck; ++nth, ++rounds) {
    const Scratch scratch;
    const std::string folder = scratch / "profile";
    const pki::Invite invite = FreshInvite();
    faults::FaultFileSystem fs(platform::PosixFileSystem());
    fs.KillAt(nth, /*torn_bytes=*/10);
    std::optional<pki::PublicKey> asked_with;
    {
      auto pending = PendingProfile::Begin(folder, invite, Plain(), fs);
      if (pending.ok()) {
        asked_with = pending->key().public_key();
        const auto done = pending->Finish(Answer(*asked_with));
        EXPECT_EQ(done.ok(), !fs.Struck()) << done.status();
      }
    }
    struck = fs.Struck();
    const auto profile = Profile::Load(folder);
    if (profile.ok()) {
      EXPECT_EQ(profile->certificate().public_key(), *asked_with);
      EXPECT_TRUE(profile->UnlockKey(MustNotAsk()).ok());
      continue;
    }
    EXPECT_EQ(profile.status().code(), StatusCode::kUnauthenticated);
    auto again = PendingProfile::Begin(folder, invite, Plain());
    ASSERT_TRUE(again.ok()) << again.status() << " after change " << nth;
    if (asked_with.has_value()) {
      EXPECT_EQ(again->key().public_key(), *asked_with) << "change " << nth;
    }
    EXPECT_TRUE(again->Finish(Answer(again->key().public_key())).ok());
  }
  EXPECT_GT(rounds, 10);
}

}  // namespace
}  // namespace sodality
