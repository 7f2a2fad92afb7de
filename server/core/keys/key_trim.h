// Old versions of a key are destroyed for good, by the act of two people
// (docs/adr/0027-approvals.md), and the root key is rotated in the same act.
// Internal to access/approvals.h.
#ifndef SODALITY_SERVER_CORE_KEYS_KEY_TRIM_H_
#define SODALITY_SERVER_CORE_KEYS_KEY_TRIM_H_

#include "absl/status/status.h"
#include "crypto/act.h"
#include "server/core/access/access_writer.h"
#include "server/core/access/acts.h"
#include "server/core/chapter.h"

namespace sodality::core {

// Thread safety: the caller holds AccessTable::changes(). Lifetime: borrows all
// that it is given.
class KeyTrim final {
 public:
  KeyTrim(const DirectoryParts& parts, Keys& keys, KeyRotation& rotation)
      : parts_(parts), keys_(keys), rotation_(rotation) {}

  // INVALID_ARGUMENT kInvalidValue, naming what, for a kind whose versions
  // stay, versions that are not there, in use or destroyed already, and a
  // backup that is not kept.
  absl::Status CheckOrder(const crypto::TrimOrder& order) const;
  // Whether nothing needs those versions, now: FAILED_PRECONDITION kKeyInUse
  // naming who does, kRotationRunning, kNoRootKeyFile; the store's errors.
  absl::Status CheckFree(const crypto::TrimOrder& order) const;

  // Does what `act`, which stands as kRunning, says, and makes it kDone. What
  // is done already stays done: after an error, and after a stop, it is called
  // again. Errors: the keyring's file's, the committer's; FAILED_PRECONDITION
  // kRotationRunning.
  absl::Status Run(PendingAct act, const crypto::TrimOrder& order) const;

 private:
  absl::Status CheckRecords(const crypto::TrimOrder& order) const;
  absl::Status CheckBackups(const crypto::TrimOrder& order) const;
  absl::Status Destroy(const crypto::TrimOrder& order) const;

  const DirectoryParts parts_;
  Keys& keys_;
  KeyRotation& rotation_;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_KEYS_KEY_TRIM_H_
