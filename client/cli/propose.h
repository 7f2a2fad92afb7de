// What proposing and approving an act have in common.
#ifndef SODALITY_CLIENT_CLI_PROPOSE_H_
#define SODALITY_CLIENT_CLI_PROPOSE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/cli/command.h"
#include "client/include/sodality/approval_types.h"
#include "client/include/sodality/client.h"
#include "crypto/act.h"

namespace sodality::cli {

// Of the newest head; zeros in a chapter that was never restored.
absl::StatusOr<crypto::Bytes16> IncarnationNow(const Client& client);

// Shows all that the act says and asks for `word`, unless the line has --yes.
// `proposer` is by the server's word. CANCELLED (NOT_CONFIRMED).
absl::Status ConfirmAct(const crypto::ActForm& act, const std::string& proposer,
                        const std::string& word, const Arguments& arguments,
                        Session& session);

// Prints how it stands: kOk when it is done, kWaiting while it waits.
ExitCode ReportAct(const PendingAct& now, const crypto::ActForm& act,
                   Session& session);

// Makes an act of these parts by whoever runs the command, confirms, signs and
// proposes it.
struct NewAct {
  crypto::ActKind kind = crypto::ActKind::kTrimKeys;
  std::vector<uint8_t> content;
};
absl::StatusOr<ExitCode> Propose(const NewAct& act, const Arguments& arguments,
                                 Session& session);

}  // namespace sodality::cli

#endif  // SODALITY_CLIENT_CLI_PROPOSE_H_
