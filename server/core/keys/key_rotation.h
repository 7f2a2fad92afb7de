// A new version of a key while the directory is in use: written to the keyring
// and active at once, then every record is brought under it, batch by batch,
// with the cursor in the same transaction (docs/key-lifecycle.md, docs/adr/
// 0019). Read next: rotation.h.
#ifndef SODALITY_SERVER_CORE_KEYS_KEY_ROTATION_H_
#define SODALITY_SERVER_CORE_KEYS_KEY_ROTATION_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "crypto/keyring.h"
#include "platform/clock.h"
#include "server/core/access/types.h"
#include "server/core/directory.h"
#include "server/core/keys/rotation.h"
#include "server/core/ledger/entry.h"
#include "server/store/write.h"

namespace sodality::core {

struct AccessParts;  // chapter.h
class Keys;
class LiveIndex;

// How far the rotation that runs is. Public facts.
struct RotationProgress {
  Rotation rotation;
  uint64_t done = 0;  // Members that need nothing more, of `total`.
  uint64_t total = 0;
  double per_second = 0;  // Since this process took it up; 0: not known yet.
  // Why it does not go on, for an admin; empty when it does. It is tried again.
  std::string problem;
};

// One version of a key, and how many members are under it: for wrap keys, and
// for index keys (while one is rotated, as far as was counted).
struct KeyVersion {
  crypto::KeyInfo info;
  std::optional<uint64_t> records;
};

struct KeysStatus {
  std::vector<KeyVersion> versions;  // By kind, then version.
  std::optional<RotationProgress> rotation;
};

// One rotation at a time. What is begun goes on after any stop: Step takes it
// up where the row says.
// Thread safety: safe. Lifetime: borrows the chapter's parts.
class KeyRotation final {
 public:
  // `unfinished`: the rotation whose row was found at the start.
  KeyRotation(const AccessParts& parts, Keys& keys, LiveIndex& index,
              std::optional<Rotation> unfinished);
  ~KeyRotation();

  // Role admin is the caller's to check. The store's errors.
  absl::StatusOr<KeysStatus> Status() const;

  // Begins and returns when the new version is that of every write (of an
  // index: or as soon as those who search have their answers; of pages: when
  // their copy is whole, later); the records follow by Step. The same request
  // again gives the same answer, or that it was given up. PERMISSION_DENIED
  // kRoleNotAllowed; FAILED_PRECONDITION kRotationRunning, and kNoRootKeyFile
  // of a root key; INVALID_ARGUMENT kRequestIdReused;
  // RESOURCE_EXHAUSTED kDiskFull; UNAVAILABLE.
  absl::StatusOr<Rotation> Start(const Caller& caller, RotationWork work,
                                 const RequestId& request);

  // The rotation as it began, if it was given up (the new key was lost, and the
  // old one serves); known for a day. Else nothing. The store's errors.
  absl::StatusOr<std::optional<Rotation>> FindGivenUp(
      const store::RotationId& id) const;

  // For versions that are destroyed (key_trim.h). Whether a new root key could
  // be begun now: FAILED_PRECONDITION kRotationRunning, kNoRootKeyFile.
  absl::Status CheckRootFree() const;
  // While no rotation runs or begins: calls `change`, whose error is answered,
  // then commits `write` with `entry`, and in the same transaction begins to
  // rotate the root key if it has a place. FAILED_PRECONDITION
  // kRotationRunning, before anything is changed; the committer's errors.
  absl::Status ChangeKeys(const std::function<absl::Status()>& change,
                          store::Write write, EntryDraft entry);

  // The next bit of work, for the one thread that does it. False: there is
  // nothing to do. An error is kept for Status; call again after a while. Now
  // and then it begins to rotate the index key by itself, when so many have
  // joined or left that its tokens are cut wrongly (IsOutgrown).
  absl::StatusOr<bool> Step();
  // Waits until there may be work, Wake was called, or `most` has passed.
  void AwaitWork(std::chrono::milliseconds most);
  void Wake();
  // A Step that reads much ends soon, CANCELLED, now and from now on: for the
  // end of the process, which the next start makes up for.
  void Interrupt();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_KEYS_KEY_ROTATION_H_
