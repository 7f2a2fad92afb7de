// `sodalityd serve`: the server's life from the lock on its folder to the last
// call. Read next: unsealing.h, server/rpc/server.h.
#ifndef SODALITY_SERVER_APP_SERVE_H_
#define SODALITY_SERVER_APP_SERVE_H_

#include <string>

#include "server/app/custody.h"
#include "server/app/exit_code.h"

namespace sodality::app {

struct ServeOptions {
  std::string data;
  std::string listen;   // Empty: as chapter.toml says.
  RootSource root;      // Empty: a credential of systemd's, else sealed.
  bool sealed = false;  // Stay sealed whatever keys there are.
  // Where a new root key goes when `root` is no key file. A start whose own key
  // opens nothing takes that which was put there.
  std::string new_root_key = {};
};

// Returns when the server has stopped; on a request to seal it does not return
// but begins the program anew, sealed, on the same address. kConflict when
// another server has the folder; kSealed when the key given is not this
// folder's; kUnreachable when the address cannot be had; kInterrupted after
// SIGINT.
Outcome RunServe(const ServeOptions& options);

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_SERVE_H_
