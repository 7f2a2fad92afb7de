// What becomes of everybody's access when a backup is put back: nobody knows
// what was revoked since, so all of it ends. Internal to access_control.cc.
#ifndef SODALITY_SERVER_CORE_ACCESS_RESTORER_H_
#define SODALITY_SERVER_CORE_ACCESS_RESTORER_H_

#include <cstddef>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/core/access/access_control.h"
#include "server/core/access/access_writer.h"
#include "server/core/access/codec.h"
#include "server/core/access/types.h"
#include "server/core/chapter.h"

namespace sodality::core {

// Thread safety: safe; takes its turn among all changes of access. Lifetime:
// borrows what `parts` does.
class Restorer final {
 public:
  // Of one write, below store::kMaxRowsPerWrite.
  static constexpr size_t kRowsAtOnce = 900;

  explicit Restorer(const AccessParts& parts)
      : parts_(parts), writer_(parts.base) {}

  // Revokes every device and grant, ends every invite, and lets `admin` in: a
  // new principal, or the one admin who has this name, who is suspended no
  // more; with the first admin's grant and an invite. A new incarnation begins.
  // Principals stay, so that they can be invited again. An entry kRestore of
  // nobody's on `backup` for each write; the last makes the admin. After an
  // error, and after one that ended halfway, it can be done again. Errors:
  // INVALID_ARGUMENT kInvalidValue for a name that is none; ALREADY_EXISTS for
  // somebody's of another role, or of several people's; the committer's.
  absl::StatusOr<InviteOutput> Declare(const store::IdBytes& backup,
                                       std::string_view admin) const;

 private:
  absl::StatusOr<Principal> AdminOf(std::string_view name) const;
  // Every device, invite and grant that is still good, as it shall be.
  absl::StatusOr<std::vector<AccessFact>> Voided() const;
  Incarnation NextLife(const store::IdBytes& backup) const;
  absl::Status Apply(const store::IdBytes& backup,
                     std::vector<AccessFact> facts) const;

  const AccessParts parts_;
  const AccessWriter writer_;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_ACCESS_RESTORER_H_
