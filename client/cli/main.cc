// sodality: the command line. Everything is in run.h.
#include <iostream>
#include <string>
#include <vector>

#include "client/cli/parser.h"
#include "client/cli/pending_note.h"
#include "client/cli/profile_approver.h"
#include "client/cli/profile_connection.h"
#include "client/cli/run.h"
#include "client/include/sodality/connect.h"
#include "crypto/pki/at_exit.h"
#include "platform/clock.h"

int main(int argc, char** argv) {
  sodality::pki::KeepOpensslUntilExit();
  const std::vector<std::string> args(argv + 1, argv + argc);
  sodality::SilenceTransportLog();
  sodality::cli::EndOnInterrupt(sodality::cli::WantsJson(args));
  sodality::cli::Environment environment = {std::cin,
                                            std::cout,
                                            std::cerr,
                                            sodality::cli::ProcessTerminal(),
                                            sodality::platform::SystemClock(),
                                            &sodality::cli::ConnectProfile,
                                            &sodality::cli::OpenProfileMemory,
                                            &sodality::cli::OpenApprover,
                                            &sodality::cli::NotePending};
  return sodality::cli::Run(args, environment);
}
