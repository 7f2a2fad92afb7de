// ConnectProfile on a device whose certificate is due, against a server.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>

#include "client/include/sodality/client.h"
#include "client/include/sodality/connect_profile.h"
#include "client/include/sodality/error_info.h"
#include "client/profile/pending_profile.h"
#include "client/profile/profile.h"
#include "platform/clock.h"
#include "tests/client/fake_server.h"
#include "tests/scratch.h"

namespace sodality {
namespace {

platform::Timestamp DaysAgo(int days) {
  return platform::SystemClock().Now() - std::chrono::hours(24 * days);
}

class RenewalTest : public testing::Test {
 protected:
  RenewalTest() {
    SilenceTransportLog();
    options_.renewal_failed = [this](const absl::Status& why) { why_ = why; };
  }

  // A device that joined so long ago.
  void Join(int days_ago) {
    auto key = pki::PrivateKey::Generate().value();
    auto certificate = chapter_.authority().IssueInvite(
        key.public_key(), "nbswy3dpeb3w64tmmqqho33snq", DaysAgo(days_ago),
        std::chrono::hours(24));
    const pki::Invite invite{
        server_.address(),       "Ana Prado",
        "coordinator",           chapter_.authority().certificate(),
        *std::move(certificate), std::move(key)};
    auto pending = PendingProfile::Begin(folder_, invite, {});
    ASSERT_TRUE(pending.ok()) << pending.status();
    const auto profile = pending->Finish(
        {chapter_.IssueDevice(pending->key().public_key(), DaysAgo(days_ago)),
         "Riverside Chapter", "Ana Prado"});
    ASSERT_TRUE(profile.ok()) << profile.status();
  }
  // Connects and asks something.
  absl::Status Call() {
    auto connection = ConnectProfile(folder_, options_);
    if (!connection.ok()) return connection.status();
    return Client(*std::move(connection)).Get({.member_id = "m1"}).status();
  }
  pki::Certificate Kept() const {
    return Profile::Load(folder_).value().certificate();
  }
  bool KeptIsFresh() const {
    return Kept().validity().not_after >
           DaysAgo(0) + std::chrono::hours(24 * 89);
  }

  const TestChapter chapter_{DaysAgo(80)};
  FakeServer server_{chapter_};
  const Scratch scratch_;
  const std::string folder_ = scratch_ / "profile";
  ProfileOptions options_;
  absl::Status why_;
};

TEST_F(RenewalTest, CertificateThatIsDueIsReplacedOnceForTheSameKey) {
  Join(61);
  const auto key = Kept().public_key();
  ASSERT_FALSE(KeptIsFresh());
  EXPECT_TRUE(Call().ok());
  EXPECT_TRUE(why_.ok()) << why_;
  EXPECT_TRUE(KeptIsFresh());
  EXPECT_EQ(Kept().public_key(), key);
  EXPECT_TRUE(Call().ok()) << "with the new one";
  EXPECT_EQ(server_.enrollment.renewals, 1);
}

TEST_F(RenewalTest, CertificateThatIsNotDueStays) {
  Join(59);
  const std::string before = Kept().ToPem();
  EXPECT_TRUE(Call().ok());
  EXPECT_EQ(server_.enrollment.renewals, 0);
  EXPECT_EQ(Kept().ToPem(), before);
}

TEST_F(RenewalTest, AnswerForAnotherKeyIsToldAndNotKept) {
  Join(61);
  const std::string before = Kept().ToPem();
  server_.enrollment.for_another_key = true;
  EXPECT_TRUE(Call().ok());
  EXPECT_EQ(GetErrorInfo(why_).reason, "SERVER_FAILED") << why_;
  EXPECT_EQ(ExitCodeOf(why_), ExitCode::kFailed);
  EXPECT_EQ(server_.enrollment.renewals, 1);
  EXPECT_EQ(Kept().ToPem(), before);
}

}  // namespace
}  // namespace sodality
