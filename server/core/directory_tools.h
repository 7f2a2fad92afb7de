// What look-ups, edits and rosters share: the reach of a caller, the members,
// the record of an act. Internal to directory*.cc and roster*.cc.
#ifndef SODALITY_SERVER_CORE_DIRECTORY_TOOLS_H_
#define SODALITY_SERVER_CORE_DIRECTORY_TOOLS_H_

#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/core/chapter.h"
#include "server/core/field_policy.h"
#include "server/core/members.h"
#include "text/phone.h"

namespace sodality::core {

// Made once for each directory or push. Thread safety: safe.
struct DirectoryTools {
  // FAILED_PRECONDITION for a keyring that lacks a key; INVALID_ARGUMENT for a
  // country that there is not.
  static absl::StatusOr<DirectoryTools> Create(const DirectoryParts& parts);

  Members members;
  text::Country country;
};

// Within what an act stays.
struct Reach {
  std::shared_ptr<const Grant> grant;  // Null for one's own record.
  FieldPolicy policy;
};

// Through a grant of role admin or coordinator. Errors of SelectGrant;
// PERMISSION_DENIED kRoleNotAllowed for a grant of another role.
absl::StatusOr<Reach> ReachThrough(const DirectoryParts& parts,
                                   const Caller& caller,
                                   const std::optional<GrantId>& grant);

// PERMISSION_DENIED kRoleNotAllowed.
absl::Status RoleNotAllowed();

// Whose act it was, without members. `grant` may be null.
EntryDraft DraftOf(Action action, const Caller& caller, const Grant* grant);

// Whether the act that `draft` is about is still allowed: for the last moment
// before a write, which may have waited. Errors: those of AccessTable.
absl::Status CheckStillAllowed(const DirectoryParts& parts,
                               const EntryDraft& draft);

// Ledger::Release, waited for; its errors with their reasons.
absl::Status ReleaseNow(Ledger& ledger, EntryDraft draft);

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_DIRECTORY_TOOLS_H_
