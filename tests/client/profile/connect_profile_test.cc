#include "client/include/sodality/connect_profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "client/include/sodality/error_info.h"
#include "crypto/secret.h"
#include "tests/client/profile/enrolment.h"

namespace sodality {
namespace {

using absl::StatusCode;

std::function<Time()> At(platform::Timestamp time) {
  return [time] {
    return std::chrono::floor<std::chrono::seconds>(
        std::chrono::sys_time<std::chrono::milliseconds>(
            std::chrono::milliseconds(time.millis)));
  };
}

class ConnectProfileTest : public testing::Test {
 protected:
  ConnectProfileTest() {
    options_.calls.now = At(kNow + std::chrono::hours(1));
    options_.calls.max_attempts = 1;
    options_.renewal_failed = [this](const absl::Status& why) {
      renewal_ = why;
    };
  }
  absl::Status Connected() {
    return ConnectProfile(folder_, options_).status();
  }

  const Scratch scratch_;
  const std::string folder_ = scratch_ / "profile";
  ProfileOptions options_;
  absl::Status renewal_;
};

TEST_F(ConnectProfileTest, OpensAProfileWithoutTheNetwork) {
  ASSERT_TRUE(Join(folder_, Plain()).ok());
  EXPECT_TRUE(Connected().ok());
  EXPECT_TRUE(renewal_.ok()) << renewal_;
}

TEST_F(ConnectProfileTest, AbsentProfileIsNotEnrolled) {
  EXPECT_EQ(GetErrorInfo(Connected()).reason, "NOT_ENROLLED");
}

TEST_F(ConnectProfileTest, ExpiredCertificateIsSaidBeforeAnybodyIsAsked) {
  ASSERT_TRUE(Join(folder_, WithPassphrase("open sesame")).ok());
  options_.calls.now = At(kNow + std::chrono::hours(24 * 91));
  EXPECT_EQ(GetErrorInfo(Connected()).reason, "CERTIFICATE_EXPIRED");
}

TEST_F(ConnectProfileTest, RenewalThatFailsIsToldAndNoError) {
  ASSERT_TRUE(Join(folder_, Plain()).ok());
  options_.calls.now = At(kNow + std::chrono::hours(24 * 61));
  options_.calls.deadline = std::chrono::milliseconds(1);
  EXPECT_TRUE(Connected().ok());
  EXPECT_FALSE(renewal_.ok());
}

TEST_F(ConnectProfileTest, PassphraseIsAskedFor) {
  ASSERT_TRUE(Join(folder_, WithPassphrase("open sesame")).ok());
  EXPECT_EQ(GetErrorInfo(Connected()).reason, "PASSPHRASE_NEEDED");
  options_.passphrase = [] { return Secret::FromString("wrong"); };
  EXPECT_EQ(Connected().code(), StatusCode::kPermissionDenied);
  options_.passphrase = [] { return absl::AbortedError("not now"); };
  EXPECT_EQ(Connected().code(), StatusCode::kAborted);
  options_.passphrase = [] { return Secret::FromString("open sesame"); };
  EXPECT_TRUE(Connected().ok());
}

TEST(SecretTest, TakesAStringAndWipesIt) {
  std::string text = "a passphrase that is longer than a short string";
  const char* const memory = text.data();
  const size_t size = text.size();
  const Secret secret = Secret::FromString(std::move(text));
  EXPECT_TRUE(text.empty());  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(std::string(memory, size), std::string(size, '\0'));
  EXPECT_EQ(secret.bytes().size(), size);
}

TEST(SecretTest, MovedFromIsEmpty) {
  Secret first = Secret::FromString("x");
  const Secret second = std::move(first);
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move)
  EXPECT_FALSE(second.empty());
  EXPECT_TRUE(Secret().empty());
}

}  // namespace
}  // namespace sodality
