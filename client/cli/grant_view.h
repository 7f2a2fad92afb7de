// Grants as people read them.
#ifndef SODALITY_CLIENT_CLI_GRANT_VIEW_H_
#define SODALITY_CLIENT_CLI_GRANT_VIEW_H_

#include <string>
#include <vector>

#include "client/cli/session.h"
#include "client/include/sodality/access_types.h"

namespace sodality::cli {

std::string RenderGrants(const std::vector<Grant>& grants,
                         const Session& session);

// "20/h, 100/d, 500"; "-" without limit. `limit` says which parts there are.
std::string ShowBudget(const Budget& limit, const Budget& value);

}  // namespace sodality::cli

#endif  // SODALITY_CLIENT_CLI_GRANT_VIEW_H_
