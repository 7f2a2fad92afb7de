// What --json prints of acts that need several people; a part of json.h.
#ifndef SODALITY_CLIENT_CLI_JSON_ACTS_H_
#define SODALITY_CLIENT_CLI_JSON_ACTS_H_

#include <string>
#include <vector>

#include "client/include/sodality/approval_types.h"

namespace sodality::cli {

// {"id","waiting","state","approvals","needed","alone_from"}.
std::string ActJson(const PendingAct& act);

// {"approvals":[{"id","state","kind","what","proposer","approved_by",
// "approvals","needed","alone_from","created","expires","ended"}],"more"}.
std::string ActsJson(const std::vector<PendingAct>& acts);

}  // namespace sodality::cli

#endif  // SODALITY_CLIENT_CLI_JSON_ACTS_H_
