// Shell completions, made from the description of the commands.
#ifndef SODALITY_CLIENT_CLI_COMPLETION_H_
#define SODALITY_CLIENT_CLI_COMPLETION_H_

#include <string>

#include "client/cli/command.h"

namespace sodality::cli {

std::string BashCompletion(const CommandSpec& root);
std::string ZshCompletion(const CommandSpec& root);
std::string FishCompletion(const CommandSpec& root);

}  // namespace sodality::cli

#endif  // SODALITY_CLIENT_CLI_COMPLETION_H_
