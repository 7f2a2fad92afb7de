// The command line of sodalityd. Read next: init.h, serve.h.
#ifndef SODALITY_SERVER_APP_CLI_H_
#define SODALITY_SERVER_APP_CLI_H_

#include <span>

#include "server/app/exit_code.h"

namespace sodality::app {

// Parses, runs, and says on standard error what went wrong: a line
// "sodalityd: error: ..." and perhaps a hint, or with --json one JSON line.
ExitCode RunCommandLine(std::span<char* const> arguments);

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_CLI_H_
