// Who counts when several people decide. Internal to approvals.cc.
#ifndef SODALITY_SERVER_CORE_ACCESS_QUORUM_H_
#define SODALITY_SERVER_CORE_ACCESS_QUORUM_H_

#include <cstddef>

#include "platform/clock.h"
#include "server/core/access/access_table.h"
#include "server/core/access/acts.h"

namespace sodality::core {

// Whether it counts now: of an admin who is live, by a device that is, whose
// signature of `form` it is.
[[nodiscard]] bool CountsNow(const AccessTable& access, const Consent& consent,
                             const store::Bytes& form, Timestamp now);

// How many people who are admins could connect now.
[[nodiscard]] size_t LiveAdmins(const AccessTable& access, Timestamp now);

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_ACCESS_QUORUM_H_
