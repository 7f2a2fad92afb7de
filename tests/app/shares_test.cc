// Shares as a folder collects them.
#include "server/app/shares.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <span>
#include <utility>

#include "crypto/keyring.h"
#include "crypto/keyring_file.h"
#include "crypto/random.h"
#include "platform/file.h"
#include "tests/scratch.h"
#include "text/base32.h"

namespace sodality::app {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;

constexpr crypto::Bytes16 kOfShares{3, 1};

crypto::DealtRoot Deal(const crypto::Bytes16& chapter = kOfShares) {
  return crypto::DealRoot(chapter, {3, 5}, crypto::SystemRandom()).value();
}

class SharesTest : public testing::Test {
 protected:
  SharesTest() { Store(dealt_.root); }

  void Store(const crypto::Root& root) {
    const auto keyring = crypto::Keyring::Create(
        {kOfShares, {4, 12, 9}, {1000}}, crypto::SystemRandom());
    ASSERT_TRUE(
        crypto::KeyringFile(platform::PosixFileSystem(), folder_.keyring())
            .Store(keyring, std::span(&root, 1), crypto::SystemRandom())
            .ok());
  }
  static crypto::Share Copy(const crypto::Share& share) {
    return crypto::Share::Create(share.info(), share.value().Clone()).value();
  }
  absl::Status Add(size_t place) { return Add(dealt_, place); }
  absl::Status Add(const crypto::DealtRoot& dealt, size_t place) {
    return shares_.Add(Copy(dealt.shares[place]));
  }
  std::string FileOf(const crypto::Share& share, const std::string& name) {
    const auto text = crypto::EncodeShare(share, "Test Chapter");
    return scratch_.Write(
        name, crypto::AsText(text.Expose(crypto::AllowSecretAccess())));
  }
  std::string Progress() const { return FormatProgress(shares_.progress()); }

  const Scratch scratch_;
  const DataFolder folder_{scratch_.path()};
  const crypto::DealtRoot dealt_ = Deal();
  platform::FakeClock clock_{{1'000'000}};
  CollectedShares shares_{folder_, kOfShares, clock_};
};

TEST_F(SharesTest, EnoughOfThemGiveTheKeyAndAreForgotten) {
  EXPECT_TRUE(Add(4).ok());
  EXPECT_EQ(Progress(), "1 of 3 shares");
  EXPECT_TRUE(absl::IsFailedPrecondition(shares_.Take().status()));
  EXPECT_TRUE(Add(0).ok());
  EXPECT_FALSE(shares_.complete());
  EXPECT_TRUE(Add(2).ok());
  ASSERT_TRUE(shares_.complete());
  EXPECT_TRUE(shares_.Take()->Equals(dealt_.root.key));
  EXPECT_EQ(shares_.progress().shares, 0u);
  EXPECT_FALSE(shares_.complete());
}

TEST_F(SharesTest, WrongOnesAreNamedAndLeaveWhatIsThere) {
  EXPECT_TRUE(Add(0).ok());
  EXPECT_TRUE(Add(1).ok());
  const absl::Status elsewhere = Add(Deal(crypto::Bytes16{9}), 2);
  EXPECT_TRUE(absl::IsPermissionDenied(elsewhere));
  EXPECT_THAT(std::string(elsewhere.message()), HasSubstr("another chapter's"));
  const absl::Status older = Add(Deal(), 2);
  EXPECT_TRUE(absl::IsPermissionDenied(older));
  EXPECT_THAT(std::string(older.message()), HasSubstr("of another set"));
  EXPECT_THAT(std::string(older.message()),
              HasSubstr(text::EncodeBase32(dealt_.root.slot.shares.id)));
  EXPECT_EQ(Add(1), absl::AlreadyExistsError("share 2 is in already"));
  EXPECT_EQ(Progress(), "2 of 3 shares");
  EXPECT_TRUE(Add(2).ok());
  EXPECT_TRUE(shares_.Take()->Equals(dealt_.root.key));
}

TEST_F(SharesTest, AFolderOfAKeyFileAsksForNone) {
  Store(crypto::Root::FromKeyFile(
      crypto::RootKey::Generate(crypto::SystemRandom())));
  EXPECT_EQ(Add(0),
            absl::PermissionDeniedError("this folder is not kept by shares"));
  EXPECT_EQ(shares_.progress().shares, 0u);
}

TEST_F(SharesTest, ThoseOfASetThatWasReplacedAreDropped) {
  EXPECT_TRUE(Add(0).ok());
  const crypto::DealtRoot newer = Deal();
  Store(newer.root);
  EXPECT_TRUE(absl::IsPermissionDenied(Add(1)));
  EXPECT_TRUE(Add(newer, 1).ok());
  EXPECT_EQ(Progress(), "1 of 3 shares");
}

TEST_F(SharesTest, TheyAreForgottenAQuarterOfAnHourAfterTheLast) {
  EXPECT_FALSE(shares_.ForgetStale().has_value());
  EXPECT_TRUE(Add(0).ok());
  EXPECT_EQ(shares_.ForgetStale(), minutes(15));
  clock_.Advance(minutes(14));
  EXPECT_EQ(shares_.ForgetStale(), minutes(1));
  EXPECT_TRUE(Add(1).ok());
  clock_.Advance(minutes(15) - seconds(1));
  EXPECT_EQ(shares_.ForgetStale(), seconds(1));
  EXPECT_EQ(Progress(), "2 of 3 shares");
  clock_.Advance(seconds(1));
  EXPECT_FALSE(shares_.ForgetStale().has_value());
  EXPECT_EQ(shares_.progress().shares, 0u);
}

TEST_F(SharesTest, ARefusedOneKeepsNobodyWaiting) {
  EXPECT_TRUE(Add(0).ok());
  clock_.Advance(minutes(10));
  EXPECT_FALSE(Add(0).ok());
  EXPECT_EQ(shares_.ForgetStale(), minutes(5));
}

TEST_F(SharesTest, AStaleOneIsNotCountedWithANewOne) {
  EXPECT_TRUE(Add(0).ok());
  EXPECT_TRUE(Add(1).ok());
  clock_.Advance(minutes(20));
  EXPECT_TRUE(Add(2).ok());
  EXPECT_EQ(Progress(), "1 of 3 shares");
}

TEST_F(SharesTest, AClockThatIsSetBackStartsTheWaitAnew) {
  EXPECT_TRUE(Add(0).ok());
  clock_.Advance(-minutes(60));
  EXPECT_EQ(shares_.ForgetStale(), minutes(15));
  clock_.Advance(minutes(15));
  EXPECT_FALSE(shares_.ForgetStale().has_value());
}

// ---- Files

TEST_F(SharesTest, FilesGiveTheKey) {
  const std::string a = FileOf(dealt_.shares[0], "a");
  const std::string b = FileOf(dealt_.shares[2], "b");
  const std::string c = FileOf(dealt_.shares[4], "c");
  EXPECT_TRUE(RootFromShareFiles({a, b, c}, folder_, kOfShares)
                  ->Equals(dealt_.root.key));
  EXPECT_EQ(RootFromShareFiles({a, b}, folder_, kOfShares).status(),
            absl::PermissionDeniedError("too few shares: 2 of 3 shares"));
  const auto twice = RootFromShareFiles({a, b, a}, folder_, kOfShares).status();
  EXPECT_EQ(twice, absl::InvalidArgumentError(a + ": share 1 is in already"));
  const std::string other = FileOf(Deal().shares[1], "other");
  const auto mixed =
      RootFromShareFiles({a, other, c}, folder_, kOfShares).status();
  EXPECT_TRUE(absl::IsPermissionDenied(mixed));
  EXPECT_THAT(std::string(mixed.message()), HasSubstr(other + ": "));
}

TEST_F(SharesTest, FilesThatAreNoneAreNamedWithoutTheirContent) {
  const std::string broken =
      scratch_.Write("broken", "sodality-share-1-0203secret");
  const auto refused = ReadShareFile(broken).status();
  EXPECT_TRUE(absl::IsInvalidArgument(refused));
  EXPECT_THAT(std::string(refused.message()), HasSubstr(broken));
  EXPECT_EQ(refused.message().find("secret"), absl::string_view::npos);
  EXPECT_TRUE(absl::IsInvalidArgument(ReadShareFile(scratch_ / "no").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      ReadShareFile(scratch_.Write("long", std::string(5000, 'x'))).status()));
}

TEST(ShareProgressTest, IsReadAsItIsWritten) {
  const auto progress = ParseProgress(FormatProgress({2, 3}));
  ASSERT_TRUE(progress.has_value());
  EXPECT_EQ(progress->shares, 2u);
  EXPECT_EQ(progress->threshold, 3u);
  for (const char* other : {"", "sealed", "unsealed", "2 of 3", "x of 3 shares",
                            "2 of 3 shares more", "-1 of 3 shares"}) {
    EXPECT_FALSE(ParseProgress(other).has_value()) << other;
  }
}

}  // namespace
}  // namespace sodality::app
