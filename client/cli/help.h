// Help for people, and the manual page, both made from the description of the
// commands.
#ifndef SODALITY_CLIENT_CLI_HELP_H_
#define SODALITY_CLIENT_CLI_HELP_H_

#include <string>
#include <vector>

#include "client/cli/command.h"

namespace sodality::cli {

// "sodality member add [--grant ID] FIELD=VALUE..."; `path` is the command's
// names without the program's.
std::string Usage(const std::string& path, const CommandSpec& command);

// What --help prints.
std::string HelpText(const std::string& path, const CommandSpec& command);

// docs/man/sodality.1, in roff.
std::string ManPage(const CommandSpec& root);

}  // namespace sodality::cli

#endif  // SODALITY_CLIENT_CLI_HELP_H_
