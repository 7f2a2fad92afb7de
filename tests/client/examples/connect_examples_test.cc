// What connect.h, connect_profile.h, options.h and secret.h show; see
// call_examples_test.cc.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <utility>

#include "client/include/sodality/client.h"
#include "client/include/sodality/connect.h"
#include "client/include/sodality/connect_profile.h"
#include "client/include/sodality/error_info.h"
#include "client/include/sodality/secret.h"
#include "platform/clock.h"
#include "tests/client/fake_server.h"
#include "tests/client/profile/enrolment.h"

namespace {

using sodality::Credentials;
using sodality::Scratch;

absl::StatusOr<sodality::Member> GetOver(Credentials credentials) {
  // example: connect.h
  auto connection = sodality::Connect(std::move(credentials));
  if (!connection.ok()) return connection.status();
  const sodality::Client client(*std::move(connection));
  // end of example
  return client.Get({.member_id = "m1"});
}

absl::StatusOr<sodality::Member> GetImpatiently(Credentials credentials) {
  // example: options.h library.md
  sodality::Options options;
  options.deadline = std::chrono::seconds(2);
  options.max_attempts = 1;
  auto connection = sodality::Connect(std::move(credentials), options);
  // end of example
  if (!connection.ok()) return connection.status();
  return sodality::Client(*std::move(connection)).Get({.member_id = "m1"});
}

absl::StatusOr<sodality::Client> OpenDefaultProfile() {
  // example: connect_profile.h library.md
  const auto folder = sodality::DefaultProfileFolder();
  if (!folder.ok()) return folder.status();
  auto connection = sodality::ConnectProfile(*folder);
  if (!connection.ok()) return connection.status();
  const sodality::Client client(*std::move(connection));
  // end of example
  return client;
}

std::string ReadPassphraseFromTerminal() { return "open sesame"; }

absl::Status OpenWithPassphrase(const std::string& folder) {
  // example: secret.h library.md
  sodality::ProfileOptions options;
  options.passphrase = []() -> absl::StatusOr<sodality::Secret> {
    std::string typed = ReadPassphraseFromTerminal();
    return sodality::Secret::FromString(std::move(typed));
  };
  auto connection = sodality::ConnectProfile(folder, options);
  // end of example
  return connection.status();
}

class ConnectExamplesTest : public testing::Test {
 protected:
  ConnectExamplesTest() { sodality::SilenceTransportLog(); }
  Credentials Device() const { return chapter_.Device(server_.address()); }

  const sodality::TestChapter chapter_{sodality::platform::SystemClock().Now()};
  sodality::FakeServer server_{chapter_};
};

TEST_F(ConnectExamplesTest, ConnectionAsks) {
  const auto member = GetOver(Device());
  ASSERT_TRUE(member.ok()) << member.status();
  EXPECT_EQ(member->id, "m1");
}

TEST_F(ConnectExamplesTest, CertificateThatCannotBeReadIsRefused) {
  Credentials credentials = Device();
  credentials.certificate_pem = "none";
  EXPECT_TRUE(
      absl::IsInvalidArgument(GetOver(std::move(credentials)).status()));
}

TEST_F(ConnectExamplesTest, OneAttemptIsOne) {
  EXPECT_TRUE(GetImpatiently(Device()).ok());
  server_.directory.Fail({grpc::StatusCode::UNAVAILABLE, "not now"});
  EXPECT_TRUE(absl::IsUnavailable(GetImpatiently(Device()).status()));
}

// A profile whose certificate is in force now.
void JoinNow(const std::string& folder,
             const sodality::KeyProtection& protection) {
  auto pending = sodality::PendingProfile::Begin(
      folder, sodality::FreshInvite(), protection);
  ASSERT_TRUE(pending.ok()) << pending.status();
  const auto joined = pending->Finish(sodality::Answer(
      pending->key().public_key(), sodality::platform::SystemClock().Now()));
  ASSERT_TRUE(joined.ok()) << joined.status();
}

TEST(ProfileExamplesTest, DefaultProfileOpens) {
  const Scratch scratch;
  ASSERT_EQ(setenv("XDG_CONFIG_HOME", scratch.path().c_str(), 1), 0);
  EXPECT_EQ(sodality::GetErrorInfo(OpenDefaultProfile().status()).reason,
            "NOT_ENROLLED");
  JoinNow(scratch / "sodality", sodality::Plain());
  const auto client = OpenDefaultProfile();
  EXPECT_TRUE(client.ok()) << client.status();
}

TEST(ProfileExamplesTest, PassphraseOpensTheKey) {
  const Scratch scratch;
  const std::string folder = scratch / "profile";
  JoinNow(folder, sodality::WithPassphrase("open sesame"));
  EXPECT_TRUE(OpenWithPassphrase(folder).ok());
  std::filesystem::remove_all(folder);
  JoinNow(folder, sodality::WithPassphrase("another"));
  EXPECT_TRUE(absl::IsPermissionDenied(OpenWithPassphrase(folder)));
}

}  // namespace
