// Acts that need several people, for people: what would happen is told from the
// bytes that are signed, and from nothing else.
#ifndef SODALITY_CLIENT_CLI_ACT_VIEW_H_
#define SODALITY_CLIENT_CLI_ACT_VIEW_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/cli/table.h"
#include "client/include/sodality/approval_types.h"
#include "crypto/act.h"

namespace sodality::cli {

// FAILED_PRECONDITION (OTHER_ACT) for what this program does not understand: it
// is not to be signed.
absl::StatusOr<crypto::ActForm> ReadAct(const std::string& form);

// Sentences: what would happen.
absl::StatusOr<std::vector<std::string>> WhatHappens(
    const crypto::ActForm& act);

// All that the form says, line by line. Errors as WhatHappens.
absl::StatusOr<std::vector<Line>> DescribeAct(const crypto::ActForm& act);

// Once it is done: what nobody but the people can destroy.
std::string ByHand(const crypto::ActForm& act);

// How it stands, by the server's word: "1 of 2 approvals".
std::string Standing(const PendingAct& act);

}  // namespace sodality::cli

#endif  // SODALITY_CLIENT_CLI_ACT_VIEW_H_
