// Whether a grant covers a member: decided on plaintext, never on tokens. Read
// next: members.h.
#ifndef SODALITY_SERVER_CORE_SCOPE_H_
#define SODALITY_SERVER_CORE_SCOPE_H_

#include "absl/status/statusor.h"
#include "server/core/access/types.h"
#include "server/core/member.h"
#include "server/core/opened_member.h"

namespace sodality::core {

// Any of the grant's terms admits; a grant without terms covers every member.
// Opens the fields of every term whatever the outcome. DATA_LOSS.
[[nodiscard]] absl::StatusOr<bool> InScope(const Grant& grant,
                                           OpenedMember& member);
[[nodiscard]] bool InScope(const Grant& grant, const Member& member);

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_SCOPE_H_
