// What `sodalityd init` makes and refuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/app/sodalityd_fixture.h"

namespace sodality::app {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;

using SodalitydInitTest = SodalitydFixture;

TEST_F(SodalitydInitTest, InitMakesAFolderForItsOwnerAlone) {
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

TEST_F(SodalitydInitTest, InitAnswersTheChaptersIdAsJson) {
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

TEST_F(SodalitydInitTest, InitFillsAnEmptyFolder) {
  fs::create_directory(data_);
  Init();
  EXPECT_TRUE(fs::exists(data_ + "/keyring"));
}

TEST_F(SodalitydInitTest, InitRefusesAFolderWithSomethingInIt) {
  fs::create_directory(data_);
  scratch_.Write("data/note", "mine");
  const Ended ended = RunProgram(InitArguments());
  EXPECT_EQ(ended.exit, 7);
  EXPECT_THAT(ended.err, HasSubstr("not empty"));
  EXPECT_EQ(ReadAll(data_ + "/note"), "mine");
  EXPECT_FALSE(fs::exists(scratch_ / "root.key"));
  EXPECT_FALSE(fs::exists(scratch_ / "invite"));
}

TEST_F(SodalitydInitTest, InitRefusesToOverwriteAnInvite) {
  scratch_.Write("invite", "older");
  EXPECT_EQ(RunProgram(InitArguments()).exit, 7);
  EXPECT_EQ(ReadAll(scratch_ / "invite"), "older");
  EXPECT_FALSE(fs::exists(data_));
  EXPECT_FALSE(fs::exists(scratch_ / "root.key"));
}

// The invite is written last, when the chapter is whole.
TEST_F(SodalitydInitTest, InitThatCannotWriteTheInviteLeavesNothing) {
  auto words = InitArguments();
  words[10] = "/proc/invite";
  const Ended ended = RunProgram(words);
  EXPECT_EQ(ended.exit, 1);
  EXPECT_THAT(ended.err, HasSubstr("/proc/invite"));
  EXPECT_TRUE(fs::is_empty(scratch_.path()));
}

// The core refuses the admin's name.
TEST_F(SodalitydInitTest, InitThatRefusesTheAdminLeavesNothing) {
  auto words = InitArguments();
  words[8] = "";
  EXPECT_EQ(RunProgram(words).exit, 2);
  EXPECT_TRUE(fs::is_empty(scratch_.path()));
}

TEST_F(SodalitydInitTest, InitRefusesValues) {
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

TEST_F(SodalitydInitTest, InitPlansTheIndexForTheMembersItIsToldOf) {
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

TEST_F(SodalitydInitTest, InitRefusesAPassphraseThatIsShortOrOpenToOthers) {
  const std::string file = scratch_.Write("words", "short\n");
  const auto refused = [&](fs::perms mode) {
    fs::permissions(file, mode);
    const Ended ended = RunProgram(InitArguments({"--passphrase-file", file}));
    EXPECT_EQ(ended.exit, 2);
    EXPECT_FALSE(fs::exists(data_));
    return ended.err;
  };
  constexpr fs::perms kMine = fs::perms::owner_read | fs::perms::owner_write;
  EXPECT_THAT(refused(kMine), HasSubstr("12 bytes or more\n"));
  scratch_.Write("words", "correct horse\n");
  EXPECT_THAT(refused(kMine | fs::perms::others_read),
              HasSubstr("is open to other users: chmod 600 it\n"));
  fs::permissions(file, kMine);
  EXPECT_EQ(RunProgram(InitArguments({"--passphrase-file", file})).exit, 0);
}

TEST_F(SodalitydInitTest, InitWarnsOfAnAddressThatNobodyCanDial) {
  for (const char* listen : {"0.0.0.0:7443", "[::]:7443"}) {
    auto words = InitArguments();
    words[6] = listen;
    words[2] = data_ + listen;
    words[10] = scratch_ / listen;
    words.emplace_back("--json");
    const Ended ended = RunProgram(words);
    EXPECT_EQ(ended.exit, 0) << ended.err;
    EXPECT_THAT(ended.err, HasSubstr(std::string("warning: invites name ") +
                                     listen + ", which nobody can dial"));
    EXPECT_THAT(ended.err, HasSubstr("--server HOST:PORT"));
  }
}

TEST_F(SodalitydInitTest, InitSaysThatTheFirstGrantEnds) {
  const Ended ended = RunProgram(InitArguments());
  EXPECT_THAT(ended.err, HasSubstr("own grant ends in 30 days"));
  EXPECT_THAT(ended.err, HasSubstr("sodality invite NAME --role admin"));
}

TEST_F(SodalitydInitTest, InitWantsOneCustody) {
  auto words = InitArguments();
  words.resize(words.size() - 2);
  EXPECT_EQ(RunProgram(words).exit, 2);
}

}  // namespace
}  // namespace sodality::app
