// The command line of sodalityd. Read next: init.h, serve.h.
#ifndef SODALITY_SERVER_APP_CLI_H_
#define SODALITY_SERVER_APP_CLI_H_

#include <span>
#include <string>

#include "server/app/exit_code.h"

namespace sodality::app {

// Parses, runs, and says on standard error what went wrong: a line
// "sodalityd: error: ..." and perhaps a hint, or with --json one JSON line.
ExitCode RunCommandLine(std::span<char* const> arguments);

// docs/man/sodalityd.8; the target sodalityd_man_page prints it.
std::string ManPage();

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_CLI_H_
