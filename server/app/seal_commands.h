// `sodalityd unseal` and `sodalityd seal`: requests to a running server over
// its local socket.
#ifndef SODALITY_SERVER_APP_SEAL_COMMANDS_H_
#define SODALITY_SERVER_APP_SEAL_COMMANDS_H_

#include <string>

#include "server/app/custody.h"
#include "server/app/exit_code.h"

namespace sodality::app {

struct UnsealOptions {
  std::string data;
  RootSource root;    // Empty: asks for the passphrase.
  std::string share;  // File of one; then `root` is empty.
  bool json = false;
};

// kUnreachable when no server runs on the folder; kSealed for a wrong key or
// share; kConflict for a share that is in already; kCancelled when nobody can
// be asked. A server that is unsealed already, or waits for other shares: kOk.
Outcome RunUnseal(const UnsealOptions& options);

struct SealOptions {
  std::string data;
  bool json = false;
};

// Returns when the server is there again, sealed.
Outcome RunSeal(const SealOptions& options);

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_SEAL_COMMANDS_H_
