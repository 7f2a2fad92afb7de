#include "client/cli/completion.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <string>

#include "client/cli/commands.h"
#include "tests/scratch.h"

namespace sodality::cli {
namespace {

// What bash would offer after `line`, sorted by bash.
std::string Offered(const std::string& line) {
  const Scratch scratch;
  const std::string script =
      scratch.Write("completion.bash", BashCompletion(SodalityCommand()));
  const std::string command =
      "bash -c 'source " + script + "; COMP_WORDS=(" + line +
      " \"\"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _sodality; "
      "echo \" ${COMPREPLY[*]} \"' 2>&1";
  std::string output;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return "cannot run bash";
  std::array<char, 4096> buffer{};
  while (fgets(buffer.data(), buffer.size(), pipe) != nullptr) {
    output += buffer.data();
  }
  pclose(pipe);
  return output;
}

bool Holds(const std::string& offered, const std::string& word) {
  return offered.find(" " + word + " ") != std::string::npos;
}

TEST(CompletionTest, BashOffersCommandsThenOptions) {
  const std::string commands = Offered("sodality");
  EXPECT_TRUE(Holds(commands, "find")) << commands;
  EXPECT_TRUE(Holds(commands, "--json")) << commands;
  EXPECT_FALSE(Holds(commands, "--reveal")) << commands;
  const std::string find = Offered("sodality --json find");
  EXPECT_TRUE(Holds(find, "--reveal")) << find;
  EXPECT_FALSE(Holds(find, "grant")) << find;
  const std::string grant = Offered("sodality grant");
  EXPECT_TRUE(Holds(grant, "revoke")) << grant;
  const std::string add = Offered("sodality grant add");
  EXPECT_TRUE(Holds(add, "--purpose")) << add;
  EXPECT_FALSE(Holds(add, "revoke")) << add;
}

TEST(CompletionTest, EveryShellKnowsEveryCommand) {
  const CommandSpec& root = SodalityCommand();
  for (const std::string& script :
       {BashCompletion(root), ZshCompletion(root), FishCompletion(root)}) {
    for (const CommandSpec& command : root.subcommands) {
      EXPECT_NE(script.find(command.name), std::string::npos) << command.name;
      for (const OptionSpec& option : command.options) {
        EXPECT_NE(script.find(option.name), std::string::npos) << option.name;
      }
    }
  }
}

}  // namespace
}  // namespace sodality::cli
