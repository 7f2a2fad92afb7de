// What takes a rotation that stands one step on. Internal to key_rotation.cc.
#ifndef SODALITY_SERVER_CORE_KEYS_ROTATION_STEPS_H_
#define SODALITY_SERVER_CORE_KEYS_ROTATION_STEPS_H_

#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "server/core/chapter.h"
#include "server/core/keys/index_exchange.h"
#include "server/core/keys/keys.h"
#include "server/core/keys/rotation.h"
#include "server/core/keys/rotation_state.h"
#include "server/core/keys/sweeper.h"
#include "server/core/request_log.h"
#include "server/store/member_store.h"

namespace sodality::core {

// An entry that the server itself makes.
EntryDraft ServersEntry(Action action, const Rotation& rotation);

// Thread safety: one thread at a time. Lifetime: borrows all that it is given.
class RotationSteps final {
 public:
  RotationSteps(const DirectoryParts& parts, Keys& keys, LiveIndex& index,
                const RequestLog& requests, RotationState& state);

  // Commits `write` with the row as `rotation` is, one version on, and sets the
  // state. Calls `meanwhile` before it waits.
  absl::Status CommitRow(
      Rotation rotation, store::Write write, EntryDraft entry,
      const std::function<void()>& meanwhile = [] {});

  // One step of the rotation whose row stands, or none while somebody still
  // asks by the old index: call it again. DATA_LOSS when a whole pass has met
  // what does not open; else errors of the store and the keyring's file.
  absl::Status Advance(const Rotation& rotation);

 private:
  // What was met on a way through all members; the first may begin at a cursor.
  struct Pass {
    uint64_t whole_before = 0;
    bool whole = false;
    uint64_t renewed = 0;
    uint64_t damaged = 0;
  };

  absl::Status Activate(Rotation rotation);
  absl::Status MakeKey(const Rotation& rotation);
  absl::Status Sweep(Rotation rotation);
  absl::Status Finish(const Rotation& rotation);
  // The row goes, and `write` is made. ABORTED while somebody is under an
  // earlier version.
  absl::Status EraseRow(const Rotation& rotation, store::Write write = {});

  // Of work kRekeyPages: page_steps.cc.
  absl::Status AdvancePages(const Rotation& rotation);
  absl::Status PreparePages(Rotation rotation);
  absl::Status CopyPages(const Rotation& rotation);
  absl::Status ActivatePageKey(const Rotation& rotation);
  absl::Status ActivatePages(Rotation rotation);
  absl::Status EndPages(const Rotation& rotation);

  // Of work kRekeyRoot: root_steps.cc.
  absl::Status AdvanceRoot(const Rotation& rotation);
  absl::Status ShareKeyring(Rotation rotation);
  absl::Status EndRoot(const Rotation& rotation);
  absl::Status GiveUp(Rotation rotation);
  absl::Status StepBack(const Rotation& rotation);

  const DirectoryParts parts_;
  Keys& keys_;
  const RequestLog& requests_;
  RotationState& state_;
  IndexExchange exchange_;
  Sweeper sweeper_;
  Pass pass_;
  bool copied_ = false;  // The store was, when it was last looked at.
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_KEYS_ROTATION_STEPS_H_
