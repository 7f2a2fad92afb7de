// What an admin is told after each of their commands.
#ifndef SODALITY_CLIENT_CLI_PENDING_NOTE_H_
#define SODALITY_CLIENT_CLI_PENDING_NOTE_H_

#include "client/cli/session.h"

namespace sodality::cli {

// That acts wait for approval, when some do. Asks the server; a failure of that
// is none of the command's.
void NotePending(Session& session);

}  // namespace sodality::cli

#endif  // SODALITY_CLIENT_CLI_PENDING_NOTE_H_
