// The server's keys as people read them.
#ifndef SODALITY_CLIENT_CLI_KEY_VIEW_H_
#define SODALITY_CLIENT_CLI_KEY_VIEW_H_

#include <string>

#include "client/cli/json.h"
#include "client/cli/session.h"
#include "client/include/sodality/key_types.h"

namespace sodality::cli {

// A table, and below it how far the rotation is that runs.
std::string RenderKeys(const KeyList& keys, const Session& session);

// What its counts are of: "records", or "pages".
const char* CountedBy(const KeyRotation& rotation);

// What is so since a rotation was begun, or has finished: a line.
std::string RenderReport(const RotationReport& report);

}  // namespace sodality::cli

#endif  // SODALITY_CLIENT_CLI_KEY_VIEW_H_
