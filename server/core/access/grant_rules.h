// What a grant may say.
#ifndef SODALITY_SERVER_CORE_ACCESS_GRANT_RULES_H_
#define SODALITY_SERVER_CORE_ACCESS_GRANT_RULES_H_

#include "absl/status/statusor.h"
#include "server/core/access/access_control.h"
#include "server/core/access/types.h"
#include "server/core/keyed_digest.h"
#include "server/core/schema.h"

namespace sodality::core {

// Without id, principal and granted_by. INVALID_ARGUMENT kInvalidValue naming
// the part; kUnknownField for a scope that is no scope field of the schema.
absl::StatusOr<Grant> BuildGrant(const GrantInput& input, const Schema& schema,
                                 Timestamp now);

// The one grant that no other admin gives, without id: all members, every
// class, 30 days.
Grant FirstGrant(const PrincipalId& admin, Timestamp now);

// Everything but the request id, to recognise a repeat.
void AddGrantInput(KeyedDigest& digest, const GrantInput& input);

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_ACCESS_GRANT_RULES_H_
