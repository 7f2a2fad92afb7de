// The options of sodalityd by which a root key is named or made. Read next:
// custody.h.
#ifndef SODALITY_SERVER_APP_ROOT_OPTIONS_H_
#define SODALITY_SERVER_APP_ROOT_OPTIONS_H_

#include <CLI/CLI.hpp>

#include "server/app/custody.h"
#include "server/app/init.h"
#include "server/app/seal_commands.h"

namespace sodality::app {

// --root-key, --passphrase-file, and --share, which is repeated.
void AddShares(CLI::App& command, RootSource& root);
// The same but for --shares with --threshold and --shares-out.
void AddNewShares(CLI::App& command, InitOptions& options);
// The same but for one SHARE-FILE.
void AddOneShare(CLI::App& command, UnsealOptions& options);

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_ROOT_OPTIONS_H_
