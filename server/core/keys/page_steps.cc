// How a page key is rotated: docs/adr/0022-page-key.md.
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/core/keys/rotation_steps.h"
#include "server/store/store_maintenance.h"

namespace sodality::core {

absl::Status RotationSteps::AdvancePages(const Rotation& rotation) {
  switch (rotation.phase) {
    case RotationPhase::kStarting:
      return PreparePages(rotation);
    case RotationPhase::kCopying:
    case RotationPhase::kSteppingBack:  // Is of a root key.
      break;
    case RotationPhase::kSweeping:
      return EndPages(rotation);
  }
  const auto active = keys_.Current()->Active<crypto::PageKey>();
  if (!active.ok()) return active.status();
  // Of the store that is open; a crash behind the switch leaves it so, too.
  return active->version == rotation.to ? ActivatePages(rotation)
                                        : CopyPages(rotation);
}

absl::Status RotationSteps::PreparePages(Rotation rotation) {
  if (!keys_.Current()->Info(rotation.kind, rotation.to).ok()) {
    const absl::Status made = keys_.Change([&](crypto::Keyring& keyring) {
      keyring.Prepare(rotation.kind, parts_.clock.Now(), parts_.random);
    });
    if (!made.ok()) return made;
  }
  rotation.phase = RotationPhase::kCopying;
  return CommitRow(rotation, {}, ServersEntry(Action::kPrepareKey, rotation));
}

absl::Status RotationSteps::CopyPages(const Rotation& rotation) {
  store::StoreMaintenance& files = *parts_.store.maintenance();
  const auto keyring = keys_.Current();
  const auto key = keyring->Find<crypto::PageKey>(rotation.to);
  if (!key.ok()) return key.status();
  const auto progress =
      files.CopyOn({rotation.to, (*key)->Expose(crypto::AllowSecretAccess())});
  state_.SetPages(progress.value_or(store::CopyProgress{}), parts_.clock.Now());
  const bool whole = progress.ok() && progress->whole;
  // Whoever waits for this step goes first, before much is read.
  if (!std::exchange(copied_, whole) || !whole) return progress.status();
  const absl::Status checked = files.CheckCopy();
  if (absl::IsDataLoss(checked)) {
    // Not of the store, which no restore has to mend.
    return absl::UnavailableError(std::string(checked.message()));
  }
  if (!checked.ok()) return checked;
  // On a thread that sees no keys otherwise.
  return files.SwitchToCopy([&] {
    return crypto::WipingStack([&] { return ActivatePageKey(rotation); },
                               crypto::kBatchStack);
  });
}

absl::Status RotationSteps::ActivatePageKey(const Rotation& rotation) {
  absl::Status active;
  const absl::Status stored = keys_.Change([&](crypto::Keyring& changed) {
    active = changed.Activate(rotation.kind, rotation.to);
  });
  return active.ok() ? stored : active;
}

absl::Status RotationSteps::ActivatePages(Rotation rotation) {
  rotation.phase = RotationPhase::kSweeping;
  return CommitRow(rotation, {}, ServersEntry(Action::kActivateKey, rotation));
}

absl::Status RotationSteps::EndPages(const Rotation& rotation) {
  const absl::Status removed =
      parts_.store.maintenance()->RemoveFile(rotation.from);
  return removed.ok() ? EraseRow(rotation) : removed;
}

}  // namespace sodality::core
