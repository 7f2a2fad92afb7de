// The program without its process: arguments in, exit code out.
#ifndef SODALITY_CLIENT_CLI_RUN_H_
#define SODALITY_CLIENT_CLI_RUN_H_

#include <string>
#include <vector>

#include "client/cli/session.h"

namespace sodality::cli {

// Runs one command and returns the exit code (commands: SodalityCommand()).
// Standard output is written only when the command succeeds, wholly or partly;
// the last thing on standard error is otherwise the error.
int Run(const std::vector<std::string>& args, Environment& environment);

}  // namespace sodality::cli

#endif  // SODALITY_CLIENT_CLI_RUN_H_
