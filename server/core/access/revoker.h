// What takes access away: grants and devices revoked, principals suspended.
// Internal to access_control.cc, whose header says who may and which errors.
#ifndef SODALITY_SERVER_CORE_ACCESS_REVOKER_H_
#define SODALITY_SERVER_CORE_ACCESS_REVOKER_H_

#include <string_view>

#include "absl/status/status.h"
#include "server/core/access/access_writer.h"
#include "server/core/access/types.h"
#include "server/core/chapter.h"
#include "server/core/request_log.h"

namespace sodality::core {

// Thread safety: safe; each call takes its turn among all changes of access.
// Lifetime: borrows what `parts` does.
class Revoker final {
 public:
  explicit Revoker(const AccessParts& parts)
      : parts_(parts), writer_(parts.base) {}

  absl::Status RevokeGrant(const Caller& caller, const GrantId& id,
                           const RequestId& request) const;
  // This and the next: FAILED_PRECONDITION kLastAdmin when no admin would be
  // left who can connect.
  absl::Status RevokeDevice(const Caller& caller, const DeviceId& id,
                            const RequestId& request) const;
  // `lift`: gives access back instead.
  absl::Status SuspendPrincipal(const Caller& caller, std::string_view who,
                                bool lift, const RequestId& request) const;

 private:
  // Applies a change of one row under a request id; nothing when it was
  // applied already.
  absl::Status ApplyOnce(const Caller& caller, const RequestId& request,
                         AccessChange change) const;
  Timestamp Now() const { return parts_.base.clock.Now(); }

  const AccessParts parts_;
  const AccessWriter writer_;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_ACCESS_REVOKER_H_
