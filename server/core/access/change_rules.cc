#include "server/core/access/change_rules.h"

#include "server/core/error.h"

namespace sodality::core {

absl::Status RequireAdmin(const Caller& caller) {
  if (caller.role == Role::kAdmin) return absl::OkStatus();
  return MakeError(absl::StatusCode::kPermissionDenied,
                   "only an admin may do this",
                   {.reason = Reason::kRoleNotAllowed});
}

absl::Status CheckStillLive(const DirectoryParts& parts, const Caller& caller) {
  return parts.access.CheckLive(caller.principal, caller.device,
                                parts.clock.Now());
}

EntryDraft EntryFor(const Caller& caller, Action action,
                    const store::IdBytes& subject) {
  EntryDraft entry;
  entry.action = action;
  entry.actor = caller.principal;
  entry.device = caller.device;
  entry.subject = subject;
  return entry;
}

}  // namespace sodality::core
