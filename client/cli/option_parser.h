// One command's options and words, sorted out. Internal to parser.cc.
#ifndef SODALITY_CLIENT_CLI_OPTION_PARSER_H_
#define SODALITY_CLIENT_CLI_OPTION_PARSER_H_

#include <CLI/CLI.hpp>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "client/cli/command.h"

namespace sodality::cli {

// INVALID_ARGUMENT, reason USAGE.
absl::Status Misuse(const std::string& message, const std::string& hint);

// CLI11 does the option grammar; what exists and what is missing is said here,
// and which word is which.
class OptionParser final {
 public:
  explicit OptionParser(const CommandSpec& command);

  // INVALID_ARGUMENT: a value is missing, or more than a flag is given one.
  // `path`: the command as it was called, for the hint.
  absl::Status Run(std::vector<std::string> words, const std::string& path);

  // Options that do not exist, then words that are too many.
  std::vector<std::string> Extras() const;

  // Options by name; words by the place that they take.
  Arguments::Values Given() const;

 private:
  struct Slot {
    CLI::Option* option = nullptr;
    std::vector<std::string> values;
  };

  void AddOption(const OptionSpec& spec);

  // How many words the command has a place for.
  size_t Wanted() const;

  const CommandSpec& command_;
  CLI::App app_;
  std::vector<std::string> words_;
  std::map<std::string, std::unique_ptr<Slot>> slots_;
};

}  // namespace sodality::cli

#endif  // SODALITY_CLIENT_CLI_OPTION_PARSER_H_
