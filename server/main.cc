// sodalityd: the server of one chapter. What each command does is in
// server/app/cli.h; what each exit code means, in server/app/exit_code.h.
#include <cstdio>
#include <exception>
#include <span>

#include "server/app/cli.h"

int main(int argc, char** argv) {
  try {
    return static_cast<int>(sodality::app::RunCommandLine(
        std::span<char* const>(argv, static_cast<size_t>(argc))));
  } catch (const std::exception&) {
    // Out of memory, or a library's own; its text may hold what it worked on.
    std::fputs("sodalityd: error: an unexpected failure\n", stderr);
    return static_cast<int>(sodality::app::ExitCode::kFailed);
  }
}
