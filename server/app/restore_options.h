// The options of `sodalityd restore`. Read next: restore.h.
#ifndef SODALITY_SERVER_APP_RESTORE_OPTIONS_H_
#define SODALITY_SERVER_APP_RESTORE_OPTIONS_H_

#include <CLI/CLI.hpp>

#include "server/app/restore.h"

namespace sodality::app {

void AddRestoreOptions(CLI::App& command, RestoreOptions& options);

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_RESTORE_OPTIONS_H_
