// From argv to a command and its arguments.
#ifndef SODALITY_CLIENT_CLI_PARSER_H_
#define SODALITY_CLIENT_CLI_PARSER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/cli/command.h"

namespace sodality::cli {

struct GlobalOptions {
  std::string profile;
  std::string passphrase_file;
  bool json = false;
  bool no_input = false;
  bool quiet = false;
};

// Takes the global options out of `args`, wherever they stand before "--".
// Done first, so that even a misuse is answered as JSON when asked for.
struct GlobalParse {
  GlobalOptions options;
  std::vector<std::string> rest;
};
absl::StatusOr<GlobalParse> TakeGlobalOptions(
    const std::vector<std::string>& args);

// Whether --json is among them, or --json=true; never fails.
[[nodiscard]] bool WantsJson(const std::vector<std::string>& args);

struct Invocation {
  // From the root's child down to the command meant; empty: none was named.
  std::vector<const CommandSpec*> path;
  Arguments arguments;
  std::vector<std::string> words;  // What follows the command, as typed.
  bool wants_help = false;
};

// "--limit" and the like, those of every command among them.
std::vector<std::string> OptionNames(const CommandSpec& command);

// INVALID_ARGUMENT, naming the word at fault and the nearest known one as
// hint: unknown command or option, a missing value or argument, a surplus one.
// Borrows from `root`.
absl::StatusOr<Invocation> Parse(const CommandSpec& root,
                                 const std::vector<std::string>& args);

}  // namespace sodality::cli

#endif  // SODALITY_CLIENT_CLI_PARSER_H_
