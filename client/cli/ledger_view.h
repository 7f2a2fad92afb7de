// Entries of the ledger as people read them.
#ifndef SODALITY_CLIENT_CLI_LEDGER_VIEW_H_
#define SODALITY_CLIENT_CLI_LEDGER_VIEW_H_

#include "client/cli/session.h"
#include "client/include/sodality/ledger_types.h"

namespace sodality::cli {

// As a table, or as JSON when asked for.
void PrintLedger(const LedgerPage& page, Session& session);

}  // namespace sodality::cli

#endif  // SODALITY_CLIENT_CLI_LEDGER_VIEW_H_
