// `sodalityd init`: a new chapter in a new data folder, with keys, an empty
// store and ledger, and an invite for the first admin.
#ifndef SODALITY_SERVER_APP_INIT_H_
#define SODALITY_SERVER_APP_INIT_H_

#include <cstdint>
#include <string>

#include "crypto/argon2.h"
#include "crypto/sharing.h"
#include "server/app/custody.h"
#include "server/app/exit_code.h"
#include "server/core/schema.h"

namespace sodality::app {

// How the root key is to be shared, and the new or empty folder for the shares.
struct SharesPlan {
  crypto::ShareCounts counts;
  std::string folder;
  [[nodiscard]] bool empty() const { return folder.empty(); }
};

struct InitOptions {
  std::string data;
  std::string chapter;
  std::string listen;  // host:port, named in invites too.
  std::string admin;
  std::string invite_out;
  std::string country = "US";
  uint64_t expected_members = core::Schema::kExpectedMembers;
  RootSource root;  // A key file is made when it is not there.
  SharesPlan shares;
  crypto::Argon2Cost passphrase_cost;
  bool json = false;
};

// All of it or nothing: the folder is built beside its place and renamed, and
// what was written elsewhere is taken away again after a failure. Prints the
// next steps to standard error, or with json {"id":...} of the chapter to
// standard output. kUsage for a
// value; kConflict when the folder holds something or the invite's file exists.
Outcome RunInit(const InitOptions& options);

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_INIT_H_
