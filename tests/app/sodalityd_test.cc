// The commands of the real program, with their exit codes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "tests/app/program.h"
#include "tests/scratch.h"

namespace sodality::app {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;

class SodalitydTest : public testing::Test {
 protected:
  std::vector<std::string> InitArguments(
      std::vector<std::string> custody = {}) const {
    if (custody.empty()) custody = {"--root-key", scratch_ / "root.key"};
    std::vector<std::string> words = {
        "init",           "--data",           data_,
        "--chapter",      "Test Chapter",     "--listen",
        "127.0.0.1:7443", "--admin",          "Ada Admin",
        "--invite-out",   scratch_ / "invite"};
    words.insert(words.end(), custody.begin(), custody.end());
    return words;
  }
  void Init() {
    const Ended ended = RunProgram(InitArguments());
    ASSERT_EQ(ended.exit, 0) << ended.err;
  }
  std::vector<std::string> OnData(std::string command,
                                  std::vector<std::string> more = {}) const {
    std::vector<std::string> words = {std::move(command), "--data", data_};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  std::vector<std::string> WithKey() const {
    return {"--root-key", scratch_ / "root.key"};
  }
  std::vector<std::string> Serving(std::vector<std::string> more = {}) const {
    std::vector<std::string> words = {"--data", data_, "--listen",
                                      "127.0.0.1:0"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  // Another root key than the folder's.
  std::string OtherKey() {
    auto words = InitArguments({"--root-key", scratch_ / "other.key"});
    words[2] = scratch_ / "other-data";
    words[10] = scratch_ / "other-invite";
    EXPECT_EQ(RunProgram(words).exit, 0);
    return scratch_ / "other.key";
  }

  Scratch scratch_;
  std::string data_ = scratch_ / "data";
};

std::string AddressIn(const std::string& line) {
  const auto json = nlohmann::json::parse(line, nullptr, false);
  return json.is_object() ? json.value("listening", "") : "";
}

// ---- init

TEST_F(SodalitydTest, InitMakesAFolderForItsOwnerAlone) {
  Init();
  for (const char* name : {"", "/keyring", "/members.db", "/server.key"}) {
    struct stat facts {};
    ASSERT_EQ(::stat((data_ + name).c_str(), &facts), 0) << name;
    EXPECT_EQ(facts.st_mode & 077, 0u) << name;
  }
  for (const char* name : {"invite", "root.key"}) {
    struct stat facts {};
    ASSERT_EQ(::stat((scratch_ / name).c_str(), &facts), 0) << name;
    EXPECT_EQ(facts.st_mode & 0777, 0600u) << name;
  }
  EXPECT_THAT(ReadAll(data_ + "/chapter.toml"), HasSubstr("Test Chapter"));
}

TEST_F(SodalitydTest, InitAnswersTheChaptersIdAsJson) {
  auto words = InitArguments();
  words.emplace_back("--json");
  const Ended ended = RunProgram(words);
  ASSERT_EQ(ended.exit, 0) << ended.err;
  EXPECT_THAT(ended.err, IsEmpty());
  const auto answer = nlohmann::json::parse(ended.out, nullptr, false);
  ASSERT_TRUE(answer.is_object()) << ended.out;
  const std::string id = answer.value("id", "");
  EXPECT_EQ(id.size(), 26u);
  EXPECT_THAT(ReadAll(data_ + "/chapter.toml"), HasSubstr(id));
}

TEST_F(SodalitydTest, InitFillsAnEmptyFolder) {
  fs::create_directory(data_);
  Init();
  EXPECT_TRUE(fs::exists(data_ + "/keyring"));
}

TEST_F(SodalitydTest, InitRefusesAFolderWithSomethingInIt) {
  fs::create_directory(data_);
  scratch_.Write("data/note", "mine");
  const Ended ended = RunProgram(InitArguments());
  EXPECT_EQ(ended.exit, 7);
  EXPECT_THAT(ended.err, HasSubstr("not empty"));
  EXPECT_EQ(ReadAll(data_ + "/note"), "mine");
  EXPECT_FALSE(fs::exists(scratch_ / "root.key"));
  EXPECT_FALSE(fs::exists(scratch_ / "invite"));
}

TEST_F(SodalitydTest, InitRefusesToOverwriteAnInvite) {
  scratch_.Write("invite", "older");
  EXPECT_EQ(RunProgram(InitArguments()).exit, 7);
  EXPECT_EQ(ReadAll(scratch_ / "invite"), "older");
  EXPECT_FALSE(fs::exists(data_));
  EXPECT_FALSE(fs::exists(scratch_ / "root.key"));
}

// The folder above the invite is missing: found out late, undone whole.
TEST_F(SodalitydTest, InitThatFailsLeavesNothing) {
  auto words = InitArguments();
  words[10] = scratch_ / "absent/invite";
  EXPECT_EQ(RunProgram(words).exit, 1);
  EXPECT_TRUE(fs::is_empty(scratch_.path()));
}

TEST_F(SodalitydTest, InitRefusesValues) {
  const std::pair<int, const char*> wrong[] = {
      {4, ""}, {4, "two\nlines"}, {6, "localhost"}};
  for (const auto& [index, value] : wrong) {
    auto words = InitArguments();
    words[static_cast<size_t>(index)] = value;
    const Ended ended = RunProgram(words);
    EXPECT_EQ(ended.exit, 2) << value;
    EXPECT_THAT(ended.err, HasSubstr("sodalityd: error: "));
    EXPECT_TRUE(fs::is_empty(scratch_.path())) << value;
  }
}

TEST_F(SodalitydTest, InitPlansTheIndexForTheMembersItIsToldOf) {
  auto words = InitArguments();
  words.insert(words.end(), {"--expected-members", "250000"});
  const Ended ended = RunProgram(words);
  ASSERT_EQ(ended.exit, 0) << ended.err;
  EXPECT_THAT(ReadAll(data_ + "/schema.toml"),
              HasSubstr("\nexpected_members = 250000\n"));
  for (const char* wrong : {"0", "100000001", "-1", "many"}) {
    words = InitArguments();
    words.insert(words.end(), {"--expected-members", wrong});
    EXPECT_EQ(RunProgram(words).exit, 2) << wrong;
  }
}

TEST_F(SodalitydTest, InitWantsOneCustody) {
  auto words = InitArguments();
  words.resize(words.size() - 2);
  EXPECT_EQ(RunProgram(words).exit, 2);
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
            6);
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

  const Ended wrong = RunProgram(OnData("unseal", {"--root-key", OtherKey()}));
  EXPECT_EQ(wrong.exit, 10);
  const Ended unsealed = RunProgram(OnData("unseal", WithKey()));
  EXPECT_EQ(unsealed.exit, 0) << unsealed.err;
  // Again changes nothing.
  EXPECT_EQ(RunProgram(OnData("unseal", WithKey())).exit, 0);

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

// ---- doctor

TEST_F(SodalitydTest, DoctorFindsNothingWrongWithANewFolder) {
  Init();
  const Ended ended = RunProgram(OnData("doctor", WithKey()));
  EXPECT_EQ(ended.exit, 0) << ended.out << ended.err;
  EXPECT_THAT(ended.out, testing::Not(HasSubstr("bad ")));
  EXPECT_THAT(ended.out, HasSubstr("every page is whole"));
}

TEST_F(SodalitydTest, DoctorNamesADamagedPage) {
  Init();
  {
    std::fstream file(data_ + "/members.db",
                      std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096 + 100);
    file.put('\x55');
    file.put('\xaa');
  }
  const Ended ended = RunProgram(OnData("doctor", WithKey()));
  EXPECT_EQ(ended.exit, 1);
  EXPECT_THAT(ended.out, HasSubstr("bad   store"));
}

TEST_F(SodalitydTest, DoctorNamesFilesThatOthersMayOpen) {
  Init();
  fs::permissions(data_ + "/server.key", fs::perms::others_read,
                  fs::perm_options::add);
  const Ended ended = RunProgram(OnData("doctor", WithKey()));
  EXPECT_EQ(ended.exit, 1);
  EXPECT_THAT(ended.out, HasSubstr("others may open it"));
}

TEST_F(SodalitydTest, DoctorLooksAtWhereTheRootKeyLies) {
  Init();
  fs::permissions(scratch_ / "root.key", fs::perms::others_read,
                  fs::perm_options::add);
  const Ended open = RunProgram(OnData("doctor", WithKey()));
  EXPECT_EQ(open.exit, 1);
  EXPECT_THAT(open.out, HasSubstr("root.key: others may open it"));
  const std::string inside = data_ + "/copy.key";
  fs::copy_file(scratch_ / "root.key", inside);
  fs::permissions(inside, fs::perms::owner_read);
  const Ended beside = RunProgram(OnData("doctor", {"--root-key", inside}));
  EXPECT_EQ(beside.exit, 1);
  EXPECT_THAT(beside.out, HasSubstr("copy.key: lies in the data folder"));
}

TEST_F(SodalitydTest, DoctorWithAWrongKeySaysSo) {
  Init();
  EXPECT_EQ(RunProgram(OnData("doctor", {"--root-key", OtherKey()})).exit, 10);
}

TEST_F(SodalitydTest, DoctorSpeaksJson) {
  Init();
  const Ended ended = RunProgram(OnData("doctor", {"--json"}));
  const auto page = nlohmann::json::parse(ended.out, nullptr, false);
  ASSERT_TRUE(page.is_object()) << ended.out;
  EXPECT_FALSE(page["findings"].empty());
  EXPECT_EQ(page["more"], false);
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
       {"init", "serve", "doctor", "unseal", "seal", "version"}) {
    EXPECT_THAT(ended.out, HasSubstr(command));
  }
  EXPECT_THAT(ended.out, testing::Not(HasSubstr("restore")));
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
