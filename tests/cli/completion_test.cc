#include "client/cli/completion.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <string>

#include "client/cli/command.h"
#include "client/cli/commands.h"
#include "tests/scratch.h"

namespace sodality::cli {
namespace {

std::string OutputOf(const std::string& command) {
  std::string output;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return "cannot run a shell";
  std::array<char, 4096> buffer{};
  while (fgets(buffer.data(), buffer.size(), pipe) != nullptr) {
    output += buffer.data();
  }
  pclose(pipe);
  return output;
}

// What bash would offer after `line`, sorted by bash.
std::string Offered(const std::string& line) {
  const Scratch scratch;
  const std::string script =
      scratch.Write("completion.bash", BashCompletion(SodalityCommand()));
  return OutputOf("bash -c 'source " + script + "; COMP_WORDS=(" + line +
                  " \"\"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _sodality; "
                  "echo \" ${COMPREPLY[*]} \"' 2>&1");
}

// The same of zsh, which loads the function when it is called first.
std::string ZshOffered(const std::string& line) {
  const Scratch scratch;
  scratch.Write("_sodality", ZshCompletion(SodalityCommand()));
  return OutputOf(
      "zsh -f -c 'compdef() { :; }; compadd() { shift; print -- \" "
      "$* \"; }; fpath=(" +
      std::string(scratch.path()) +
      " $fpath); autoload -Uz _sodality; words=(" + line +
      " \"\"); CURRENT=$#words; _sodality' 2>&1");
}

// The same of fish, which offers options only after a dash.
std::string FishOffered(const std::string& line) {
  const Scratch scratch;
  const std::string script =
      scratch.Write("sodality.fish", FishCompletion(SodalityCommand()));
  return OutputOf("HOME=" + std::string(scratch.path()) +
                  " fish -N -c 'source " + script + "; for each in \"" + line +
                  " \" \"" + line +
                  " --\"; complete -C $each | string replace -r \"\\t.*\" "
                  "\" \" | string replace -r \"^\" \" \"; end' 2>&1");
}

bool IsInstalled(const std::string& shell) {
  return !OutputOf("command -v " + shell).empty();
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

// At each command its own commands and options, and no other's commands.
void ExpectTree(const std::string& line, const CommandSpec& command,
                std::string (*offered)(const std::string&)) {
  const std::string words = offered(line);
  for (const OptionSpec& option : command.options) {
    EXPECT_TRUE(Holds(words, "--" + option.name)) << line << ": " << words;
  }
  for (const OptionSpec& option : GlobalOptionSpecs()) {
    EXPECT_TRUE(Holds(words, "--" + option.name)) << line << ": " << words;
  }
  EXPECT_TRUE(Holds(words, "--help")) << line << ": " << words;
  EXPECT_EQ(Holds(words, "join"), line == "sodality") << line;
  for (const CommandSpec& sub : command.subcommands) {
    EXPECT_TRUE(Holds(words, sub.name)) << line << ": " << words;
    ExpectTree(line + " " + sub.name, sub, offered);
  }
}

TEST(CompletionTest, BashOffersTheWholeTree) {
  ExpectTree("sodality", SodalityCommand(), &Offered);
}

TEST(CompletionTest, ZshOffersTheWholeTree) {
  if (!IsInstalled("zsh")) GTEST_SKIP() << "needs zsh";
  ExpectTree("sodality", SodalityCommand(), &ZshOffered);
}

TEST(CompletionTest, FishOffersTheWholeTree) {
  if (!IsInstalled("fish")) GTEST_SKIP() << "needs fish";
  ExpectTree("sodality", SodalityCommand(), &FishOffered);
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
