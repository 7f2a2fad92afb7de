#include "client/cli/help.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "client/cli/commands.h"
#include "tests/cli/test_session.h"

namespace sodality::cli {
namespace {

TEST(HelpTest, TheManualPageIsUpToDate) {
  std::ifstream file(SODALITY_SOURCE_DIR "/docs/man/sodality.1");
  std::ostringstream page;
  page << file.rdbuf();
  EXPECT_EQ(page.str(), ManPage(SodalityCommand()))
      << "bring it up to date: build/.../man_page > docs/man/sodality.1";
}

void EveryCommandIsDescribed(const CommandSpec& command) {
  EXPECT_FALSE(command.summary.empty()) << command.name;
  EXPECT_NE(command.summary.back(), '.') << command.name;
  EXPECT_TRUE(command.handler != nullptr || !command.subcommands.empty())
      << command.name;
  for (const OptionSpec& option : command.options) {
    EXPECT_FALSE(option.help.empty()) << command.name << " " << option.name;
    EXPECT_EQ(option.value.empty(), option.takes == Takes::kNothing)
        << command.name << " " << option.name;
    for (const OptionSpec& global : GlobalOptionSpecs()) {
      EXPECT_NE(option.name, global.name) << command.name;
    }
  }
  for (const CommandSpec& sub : command.subcommands) {
    EveryCommandIsDescribed(sub);
  }
}

TEST(HelpTest, EveryCommandIsDescribed) {
  EveryCommandIsDescribed(SodalityCommand());
}

using HelpOutputTest = CliTest;

TEST_F(HelpOutputTest, NothingUnbuiltIsListedOrAccepted) {
  const std::string help = Run({"--help"}).out;
  for (const char* name : {"sync", "unlock", "lock", "alerts"}) {
    EXPECT_EQ(help.find("\n  " + std::string(name) + " "), std::string::npos);
    EXPECT_EQ(Run({name}).exit, 2) << name;
  }
  EXPECT_EQ(Run({"roster", "export", "--out", "x"}).exit, 2);
  EXPECT_EQ(Run({"show", kId, "--offline"}).exit, 2);
}

TEST_F(HelpOutputTest, HelpGoesToStandardOutput) {
  for (const std::vector<std::string>& args : {std::vector<std::string>{},
                                               {"help"},
                                               {"-h"},
                                               {"find", "--help"},
                                               {"help", "grant", "add"}}) {
    const Result result = Run(args);
    EXPECT_EQ(result.exit, 0);
    EXPECT_NE(result.out.find("Usage:"), std::string::npos);
    EXPECT_TRUE(result.err.empty());
  }
}

TEST_F(HelpOutputTest, VersionIsACommandAndAnOption) {
  EXPECT_EQ(Run({"version"}).out, Run({"--version"}).out);
  EXPECT_EQ(Run({"version", "--json"}).Json()["version"], SODALITY_VERSION);
}

}  // namespace
}  // namespace sodality::cli
