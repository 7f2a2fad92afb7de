#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "crypto/pki/authority.h"
#include "crypto/pki/invite_file.h"
#include "tests/cli/test_session.h"

namespace sodality::cli {
namespace {

class JoinTest : public CliTest {
 protected:
  JoinTest()
      : folder_(testing::TempDir() + "/join_" + std::to_string(getpid())) {
    std::filesystem::create_directories(folder_);
  }
  ~JoinTest() override { std::filesystem::remove_all(folder_); }

  std::string Profile() const { return folder_ + "/profile"; }

  // An invite of a chapter whose server is not there.
  std::string WriteInvite() const {
    const auto authority = pki::CertificateAuthority::Create(kId, {kNowMillis});
    auto key = pki::PrivateKey::Generate();
    auto certificate =
        authority->IssueInvite(key->public_key(), "nbswy3dpeb3w64tmmqqho33snq",
                               {kNowMillis}, std::chrono::hours(24));
    const auto text = pki::SerializeInvite(
        {"127.0.0.1:1", "Rosa", "coordinator", authority->certificate(),
         *std::move(certificate), *std::move(key)});
    const std::string path = folder_ + "/invite";
    std::ofstream(path) << crypto::AsText(
        text->Expose(crypto::AllowSecretAccess()));
    return path;
  }

  const std::string folder_;
};

TEST_F(JoinTest, AnExpiredInviteIsSaidWithoutConnecting) {
  const std::string invite = WriteInvite();
  clock_.Advance(std::chrono::hours(25));
  const Result result = Run({"join", invite, "--profile", Profile(), "--json"});
  EXPECT_EQ(result.exit, 4);
  EXPECT_EQ(result.ErrorJson()["error"]["message"],
            "this invite expired at 2026-11-27T18:00:00Z");
  EXPECT_EQ(result.ErrorJson()["error"]["hint"], "ask for a new invite");
  EXPECT_FALSE(std::filesystem::exists(Profile()));
}

TEST_F(JoinTest, AServerThatIsAwayLeavesNoProfile) {
  const std::string invite = WriteInvite();
  const Result result =
      Run({"join", invite, "--profile", Profile(), "--no-input"});
  EXPECT_EQ(result.exit, 8) << result.err;
  EXPECT_EQ(result.out, "");
  EXPECT_FALSE(std::filesystem::exists(Profile()));
}

TEST_F(JoinTest, WhatIsNoInviteIsMisuse) {
  std::ofstream(folder_ + "/x") << "hello\n";
  EXPECT_EQ(Run({"join", folder_ + "/x", "--profile", Profile()}).exit, 2);
  EXPECT_EQ(Run({"join", folder_ + "/absent", "--profile", Profile()}).exit, 2);
  in_ = "hello\n";
  EXPECT_EQ(Run({"join", "-", "--profile", Profile()}).exit, 2);
  in_ = std::string(1'000'000, 'x');
  EXPECT_EQ(Run({"join", "-", "--profile", Profile()}).exit, 2);
}

TEST_F(JoinTest, AnAddressMustBeOne) {
  const std::string invite = WriteInvite();
  EXPECT_EQ(
      Run({"join", invite, "--profile", Profile(), "--server", "host"}).exit,
      2);
}

TEST_F(JoinTest, PassphrasesMustAgree) {
  const std::string invite = WriteInvite();
  terminal_.err_is_terminal = true;
  terminal_.answers = {"one", "other"};
  const Result result = Run({"join", invite, "--profile", Profile()});
  EXPECT_EQ(result.exit, 2);
  EXPECT_NE(result.err.find("the two differ"), std::string::npos);
  EXPECT_EQ(terminal_.questions.size(), 2u);
}

TEST_F(JoinTest, AnEmptyPassphraseFileIsRefused) {
  const std::string invite = WriteInvite();
  std::ofstream(folder_ + "/empty") << "\n";
  EXPECT_EQ(Run({"join", invite, "--profile", Profile(), "--passphrase-file",
                 folder_ + "/empty"})
                .exit,
            2);
}

}  // namespace
}  // namespace sodality::cli
