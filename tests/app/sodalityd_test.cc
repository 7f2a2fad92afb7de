// The real program as it serves, is sealed and unsealed, with its exit codes.
// Read next: sodalityd_init_test.cc, sodalityd_doctor_test.cc.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "tests/app/sodalityd_fixture.h"

namespace sodality::app {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;

using SodalitydTest = SodalitydFixture;

std::string AddressIn(const std::string& line) {
  const auto json = nlohmann::json::parse(line, nullptr, false);
  return json.is_object() ? json.value("listening", "") : "";
}

// ---- serve

TEST_F(SodalitydTest, ServeSaysWhereItListensAndStopsOnSigterm) {
  Init();
  RunningServer server(Serving(WithKey()));
  EXPECT_THAT(AddressIn(server.ReadLine()), testing::StartsWith("127.0.0.1:"));
  EXPECT_EQ(server.Stop(SIGTERM), 0);
}

TEST_F(SodalitydTest, ServeEndsWithItsOwnCodeOnSigint) {
  Init();
  RunningServer server(Serving(WithKey()));
  ASSERT_THAT(server.ReadLine(), HasSubstr("listening"));
  EXPECT_EQ(server.Stop(SIGINT), 130);
}

TEST_F(SodalitydTest, ServeStartsAgainAfterKill) {
  Init();
  {
    RunningServer server(Serving(WithKey()));
    ASSERT_THAT(server.ReadLine(), HasSubstr("listening"));
    EXPECT_EQ(server.Stop(SIGKILL), 128 + SIGKILL);
  }
  RunningServer server(Serving(WithKey()));
  EXPECT_THAT(server.ReadLine(), HasSubstr("listening"));
}

TEST_F(SodalitydTest, ASecondServerOnTheFolderIsRefused) {
  Init();
  RunningServer server(Serving(WithKey()));
  ASSERT_THAT(server.ReadLine(), HasSubstr("listening"));
  const Ended second =
      RunProgram(OnData("serve", {"--listen", "127.0.0.1:0", "--root-key",
                                  scratch_ / "root.key"}));
  EXPECT_EQ(second.exit, 7);
  EXPECT_THAT(second.out, IsEmpty());
  EXPECT_EQ(RunProgram(OnData("doctor")).exit, 7);
}

TEST_F(SodalitydTest, AWrongRootKeyIsNamed) {
  Init();
  const Ended ended = RunProgram(OnData("serve", {"--root-key", OtherKey()}));
  EXPECT_EQ(ended.exit, 10);
  EXPECT_THAT(ended.out, IsEmpty());
  EXPECT_THAT(ended.err, HasSubstr("does not open this keyring"));
}

TEST_F(SodalitydTest, ARootKeyThatIsNoneIsNamed) {
  Init();
  const std::string file = scratch_.Write("rubbish", "not a key\n");
  const Ended ended = RunProgram(OnData("serve", {"--root-key", file}));
  EXPECT_EQ(ended.exit, 2);
  EXPECT_THAT(ended.err, HasSubstr(file));
  EXPECT_EQ(RunProgram(OnData("serve", {"--root-key", scratch_ / "no"})).exit,
            2);
}

TEST_F(SodalitydTest, AFolderThatIsNotThereIsNamed) {
  const Ended ended = RunProgram(OnData("serve"));
  EXPECT_EQ(ended.exit, 6);
  EXPECT_THAT(ended.err, HasSubstr(data_));
}

TEST_F(SodalitydTest, ErrorsAreJsonOnRequest) {
  auto words = OnData("serve");
  words.push_back("--json");
  const Ended ended = RunProgram(words);
  const auto json = nlohmann::json::parse(ended.err, nullptr, false);
  ASSERT_TRUE(json.is_object()) << ended.err;
  EXPECT_EQ(json["error"]["code"], "NOT_FOUND");
  EXPECT_EQ(json["error"]["exit"], 6);
}

TEST_F(SodalitydTest, AFolderWithoutItsLedgerIsRefused) {
  Init();
  fs::remove_all(data_ + "/ledger");
  const Ended ended = RunProgram(OnData("serve", WithKey()));
  EXPECT_EQ(ended.exit, 1) << ended.err;
  EXPECT_THAT(ended.out, IsEmpty());
  EXPECT_THAT(ended.err, HasSubstr("ledger"));
}

// ---- sealed, unseal, seal

TEST_F(SodalitydTest, UnsealsByKeyFileAndSealsAgain) {
  Init();
  RunningServer server(Serving());
  const std::string address = AddressIn(server.ReadLine());
  ASSERT_FALSE(address.empty());

  const std::string other = OtherKey();
  const Ended wrong = RunProgram(OnData("unseal", {"--root-key", other}));
  EXPECT_EQ(wrong.exit, 10);
  const Ended unsealed = RunProgram(OnData("unseal", WithKey()));
  EXPECT_EQ(unsealed.exit, 0) << unsealed.err;
  EXPECT_EQ(unsealed.err, "unsealed\n");
  // Again changes nothing, and no key is judged.
  for (const std::string& key : {scratch_ / "root.key", other}) {
    const Ended again = RunProgram(OnData("unseal", {"--root-key", key}));
    EXPECT_EQ(again.exit, 0);
    EXPECT_EQ(again.err, "already unsealed: the key was not tried\n");
  }

  const Ended sealed = RunProgram(OnData("seal"));
  EXPECT_EQ(sealed.exit, 0) << sealed.err;
  // The same process, on the same port, begun anew.
  EXPECT_EQ(AddressIn(server.ReadLine()), address);
  EXPECT_EQ(RunProgram(OnData("unseal", WithKey())).exit, 0);
  EXPECT_EQ(server.Stop(SIGTERM), 0);
}

TEST_F(SodalitydTest, SealMakesTheProcessForgetItsKeyEvenIfStartedWithOne) {
  Init();
  RunningServer server(Serving(WithKey()));
  ASSERT_THAT(server.ReadLine(), HasSubstr("listening"));
  ASSERT_EQ(RunProgram(OnData("seal")).exit, 0);
  const std::string arguments =
      ReadAll("/proc/" + std::to_string(server.pid()) + "/cmdline");
  EXPECT_EQ(arguments.find("root.key"), std::string::npos);
  EXPECT_NE(arguments.find("--sealed"), std::string::npos);
  // Sealing what is sealed is no error.
  EXPECT_EQ(RunProgram(OnData("seal")).exit, 0);
}

TEST_F(SodalitydTest, UnsealsByPassphrase) {
  const std::string right = scratch_.Write("right", "correct horse\n");
  const std::string wrong = scratch_.Write("wrong", "battery staple\n");
  fs::permissions(right, fs::perms::owner_read | fs::perms::owner_write);
  const Ended made = RunProgram(InitArguments({"--passphrase-file", right}));
  ASSERT_EQ(made.exit, 0) << made.err;
  RunningServer server(Serving());
  ASSERT_THAT(server.ReadLine(), HasSubstr("listening"));
  EXPECT_EQ(RunProgram(OnData("unseal", {"--passphrase-file", wrong})).exit,
            10);
  EXPECT_EQ(RunProgram(OnData("unseal", {"--passphrase-file", right})).exit, 0);
}

TEST_F(SodalitydTest, UnsealWithoutAServerOrATerminalIsSaid) {
  Init();
  EXPECT_EQ(RunProgram(OnData("unseal", WithKey())).exit, 8);
  EXPECT_EQ(RunProgram(OnData("seal")).exit, 8);
  RunningServer server(Serving());
  ASSERT_THAT(server.ReadLine(), HasSubstr("listening"));
  EXPECT_EQ(RunProgram(OnData("unseal")).exit, 2);
}

// ---- the command line itself

TEST_F(SodalitydTest, UsageErrorsAreTwo) {
  EXPECT_EQ(RunProgram({}).exit, 2);
  EXPECT_EQ(RunProgram({"fly"}).exit, 2);
  EXPECT_EQ(RunProgram({"serve"}).exit, 2);
  EXPECT_EQ(RunProgram(OnData("serve", {"--shares", "3"})).exit, 2);
}

TEST_F(SodalitydTest, HelpListsWhatIsBuiltAndNothingElse) {
  const Ended ended = RunProgram({"--help"});
  EXPECT_EQ(ended.exit, 0);
  for (const char* command :
       {"init", "serve", "doctor", "restore", "unseal", "seal", "version"}) {
    EXPECT_THAT(ended.out, HasSubstr(command));
  }
  EXPECT_THAT(ended.out, testing::Not(HasSubstr("invite-admin")));
  EXPECT_THAT(RunProgram({"version"}).out, testing::StartsWith("sodalityd "));
}

// Neither core files nor a debugger of the same user: the flag by which the
// kernel decides both also gives the process's files in /proc to root.
TEST_F(SodalitydTest, TheServerCannotBeDumped) {
  Init();
  RunningServer server(Serving(WithKey()));
  ASSERT_THAT(server.ReadLine(), HasSubstr("listening"));
  const std::string limits =
      ReadAll("/proc/" + std::to_string(server.pid()) + "/limits");
  EXPECT_THAT(limits, testing::ContainsRegex("Max core file size +0 +0 "));
}

}  // namespace
}  // namespace sodality::app
