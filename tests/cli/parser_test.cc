#include "client/cli/parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/cli/commands.h"
#include "client/include/sodality/error_info.h"

namespace sodality::cli {
namespace {

using testing::ElementsAre;

using Words = std::vector<std::string>;

absl::StatusOr<Invocation> ParseAll(const Words& args) {
  const auto global = TakeGlobalOptions(args);
  if (!global.ok()) return global.status();
  return Parse(SodalityCommand(), global->rest);
}

struct Misuse {
  Words args;
  std::string message;
  std::string hint;
};

class MisuseTest : public testing::TestWithParam<Misuse> {};

TEST_P(MisuseTest, NamesTheWordAndTheNearest) {
  const auto parsed = ParseAll(GetParam().args);
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(ExitCodeOf(parsed.status()), ExitCode::kUsage);
  EXPECT_EQ(parsed.status().message(), GetParam().message);
  EXPECT_EQ(GetErrorInfo(parsed.status()).hint, GetParam().hint);
}

INSTANTIATE_TEST_SUITE_P(
    Table, MisuseTest,
    testing::Values(Misuse{{"fnid", "maria"},
                           "unknown command: sodality fnid",
                           "did you mean sodality find?"},
                    Misuse{{"xyzzy"},
                           "unknown command: sodality xyzzy",
                           "see: sodality --help"},
                    Misuse{{"grant", "ad"},
                           "unknown command: sodality grant ad",
                           "did you mean sodality grant add?"},
                    Misuse{{"grant"},
                           "sodality grant needs a command",
                           "see: sodality grant --help"},
                    Misuse{{"me", "exprot"},
                           "unknown command: sodality me exprot",
                           "did you mean sodality me export?"},
                    Misuse{{"show"},
                           "sodality show needs MEMBER",
                           "see: sodality show --help"},
                    Misuse{{"show", "a", "b"},
                           "surplus argument to sodality show",
                           "see: sodality show --help"},
                    Misuse{{"show", "a", "--revael"},
                           "unknown option --revael",
                           "did you mean --reveal?"},
                    Misuse{{"show", "a", "--jsn"},
                           "unknown option --jsn",
                           "did you mean --json?"},
                    Misuse{{"show", "a", "--grant"},
                           "--grant needs a value",
                           "see: sodality show --help"},
                    Misuse{{"find", "x", "--committees"},
                           "--committees needs a value",
                           "see: sodality find --help"},
                    Misuse{{"find", "--profile"},
                           "--profile needs a value",
                           "see: sodality --help"},
                    Misuse{{"find", "--json=perhaps"},
                           "--json takes no value but true or false",
                           "see: sodality --help"},
                    Misuse{{"find", "x", "--limt"},
                           "--limt needs a value",
                           "did you mean --limit?"},
                    Misuse{{"--jsno", "status"},
                           "unknown option --jsno",
                           "did you mean --json?"},
                    Misuse{{"stauts", "--help"},
                           "unknown command: sodality stauts",
                           "did you mean sodality status?"},
                    Misuse{{"me", "exprot", "--help"},
                           "unknown command: sodality me exprot",
                           "did you mean sodality me export?"},
                    Misuse{{"invite", "Rosa", "--out", "f"},
                           "sodality invite needs --role ROLE",
                           "see: sodality invite --help"},
                    Misuse{{"find", "x", "-z"},
                           "unknown option -z",
                           "see: sodality find --help"}));

TEST(ParserTest, GlobalOptionsStandAnywhere) {
  for (const Words& args : {Words{"--json", "--profile", "p", "show", "m"},
                            Words{"show", "--json", "m", "--profile=p"},
                            Words{"show", "m", "--profile", "p", "--json"}}) {
    const auto global = TakeGlobalOptions(args);
    ASSERT_TRUE(global.ok());
    EXPECT_TRUE(global->options.json);
    EXPECT_EQ(global->options.profile, "p");
    EXPECT_THAT(global->rest, ElementsAre("show", "m"));
  }
}

TEST(ParserTest, AFlagMaySayYesOrNo) {
  for (const auto& [word, wanted] :
       {std::pair<std::string, bool>{"--json=true", true},
        {"--json=1", true},
        {"--json=false", false},
        {"--json=off", false}}) {
    const auto global = TakeGlobalOptions({"status", word});
    ASSERT_TRUE(global.ok()) << word;
    EXPECT_EQ(global->options.json, wanted) << word;
    EXPECT_EQ(WantsJson({"status", word}), wanted) << word;
  }
  EXPECT_TRUE(WantsJson({"--json=perhaps"}));
}

TEST(ParserTest, AfterTwoDashesEverythingIsAWord) {
  const auto global = TakeGlobalOptions({"find", "--", "--json", "--where"});
  ASSERT_TRUE(global.ok());
  EXPECT_FALSE(global->options.json);
  const auto parsed = Parse(SodalityCommand(), global->rest);
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_THAT(parsed->arguments.Many("WORD"), ElementsAre("--json", "--where"));
}

TEST(ParserTest, ListOptionsRepeatAndLeaveWordsAlone) {
  const auto parsed =
      ParseAll({"find", "--where", "a=1", "maria", "--where=b=2", "gonz"});
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_THAT(parsed->arguments.Many("where"), ElementsAre("a=1", "b=2"));
  EXPECT_THAT(parsed->arguments.Many("WORD"), ElementsAre("maria", "gonz"));
}

TEST(ParserTest, AFieldIsAnOptionOfFind) {
  const auto parsed = ParseAll(
      {"find", "--committees", "Housing", "maria", "--state=NY", "--reveal"});
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_THAT(parsed->arguments.Many("where"),
              ElementsAre("committees=Housing", "state=NY"));
  EXPECT_THAT(parsed->arguments.Many("WORD"), ElementsAre("maria"));
  EXPECT_TRUE(parsed->arguments.Has("reveal"));
}

TEST(ParserTest, AnOptionsNameIsNoField) {
  const auto parsed = ParseAll({"find", "--grant", "g", "--limit", "5", "x"});
  ASSERT_TRUE(parsed.ok());
  EXPECT_FALSE(parsed->arguments.Has("where"));
  EXPECT_EQ(parsed->arguments.One("grant"), "g");
}

TEST(ParserTest, SeveralValuesOrSeveralOptionsAreTheSame) {
  const Words head = {"grant",   "add",         "--to",      "a",
                      "--role",  "coordinator", "--purpose", "phone bank",
                      "--until", "1d"};
  Words listed = head;
  listed.insert(listed.end(), {"--class", "basic", "contact"});
  Words repeated = head;
  repeated.insert(repeated.end(), {"--class", "basic", "--class", "contact"});
  for (const Words& args : {listed, repeated}) {
    const auto parsed = ParseAll(args);
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    EXPECT_THAT(parsed->arguments.Many("class"),
                ElementsAre("basic", "contact"));
  }
}

TEST(ParserTest, ACommandsNameCanBeAWordOfFind) {
  const auto parsed = ParseAll({"find", "grant", "list"});
  ASSERT_TRUE(parsed.ok());
  EXPECT_THAT(parsed->arguments.Many("WORD"), ElementsAre("grant", "list"));
}

TEST(ParserTest, CommandsWithCommandsWorkThemselves) {
  const auto me = ParseAll({"me", "--seen"});
  ASSERT_TRUE(me.ok());
  EXPECT_TRUE(me->arguments.Has("seen"));
  const auto verify = ParseAll({"ledger", "verify"});
  ASSERT_TRUE(verify.ok());
  EXPECT_EQ(verify->path.back()->name, "verify");
}

TEST(ParserTest, HelpWinsOverWhatIsMissing) {
  const auto parsed = ParseAll({"member", "edit", "--help"});
  ASSERT_TRUE(parsed.ok());
  EXPECT_TRUE(parsed->wants_help);
  EXPECT_EQ(parsed->path.back()->name, "edit");
}

}  // namespace
}  // namespace sodality::cli
