// What every change of access begins with: who may make it, and its entry.
// Read next: access_writer.h.
#ifndef SODALITY_SERVER_CORE_ACCESS_CHANGE_RULES_H_
#define SODALITY_SERVER_CORE_ACCESS_CHANGE_RULES_H_

#include "absl/status/status.h"
#include "server/core/access/types.h"
#include "server/core/chapter.h"
#include "server/core/ledger/entry.h"

namespace sodality::core {

// PERMISSION_DENIED kRoleNotAllowed.
absl::Status RequireAdmin(const Caller& caller);

// A revocation may have been carried out while the call waited for its turn.
// Errors: those of AccessTable::CheckLive.
absl::Status CheckStillLive(const DirectoryParts& parts, const Caller& caller);

// The caller's act on `subject`, without members.
EntryDraft EntryFor(const Caller& caller, Action action,
                    const store::IdBytes& subject);

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_ACCESS_CHANGE_RULES_H_
