// What becomes of everybody's access, and of the erased, when a backup is put
// back. What was ended since is known from tombstones, or it is not: then all
// access ends. Internal to access_control.cc.
#ifndef SODALITY_SERVER_CORE_ACCESS_RESTORER_H_
#define SODALITY_SERVER_CORE_ACCESS_RESTORER_H_

#include <cstddef>
#include <cstdint>
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

  // Erases again whoever the tombstones name, and keeps what they say of the
  // erased. Ends what they say has ended, or every device, grant and invite;
  // suspensions are as they say. Lets `admin` in, if there is one: a new
  // principal, or the one admin who has this name, who is suspended no more;
  // with the first admin's grant and an invite. Principals stay, so that they
  // can be invited again. A new incarnation begins with the last write. Entries
  // of nobody's on the backup: ERASE_MEMBER for each, RESTORE for each write of
  // access. After an error, and after one that ended halfway, it can be done
  // again. Errors: INVALID_ARGUMENT kInvalidValue for a name that is none;
  // ALREADY_EXISTS for somebody's of another role, or of several people's; the
  // committer's.
  absl::StatusOr<RestoreOutput> Declare(const RestoreInput& input) const;

 private:
  absl::StatusOr<Principal> AdminOf(std::string_view name) const;
  absl::StatusOr<uint64_t> EraseAgain(const RestoreInput& input) const;
  // Every fact that changes, as it shall be.
  absl::StatusOr<std::vector<AccessFact>> Changed(
      const RestoreInput& input) const;
  absl::Status LetIn(Principal admin, std::vector<AccessFact>& facts,
                     RestoreOutput& output) const;
  Incarnation NextLife(const store::IdBytes& backup) const;
  absl::Status Apply(const store::IdBytes& backup,
                     std::vector<AccessFact> facts) const;

  const AccessParts parts_;
  const AccessWriter writer_;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_ACCESS_RESTORER_H_
