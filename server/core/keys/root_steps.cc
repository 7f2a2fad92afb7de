// How a root key is rotated: docs/adr/0023-root-key.md.
#include <utility>

#include "server/core/access/codec.h"
#include "server/core/keys/root_exchange.h"
#include "server/core/keys/rotation_answers.h"
#include "server/core/keys/rotation_steps.h"

namespace sodality::core {

absl::Status RotationSteps::AdvanceRoot(const Rotation& rotation) {
  if (keys_.roots() == nullptr) {
    return absl::FailedPreconditionError("there is no root key to change");
  }
  switch (rotation.phase) {
    case RotationPhase::kStarting:
      return ShareKeyring(rotation);
    case RotationPhase::kSteppingBack:
      return StepBack(rotation);
    case RotationPhase::kSweeping:
    case RotationPhase::kCopying:  // Is of pages.
      break;
  }
  return EndRoot(rotation);
}

// A keyring that both open and no transaction has named is that of a crash.
absl::Status RotationSteps::ShareKeyring(Rotation rotation) {
  RootExchange& roots = *keys_.roots();
  const auto found = roots.Look();
  if (!found.ok()) return found.status();
  if (*found == RootsFound::kNewLost) return GiveUp(rotation);
  if (*found == RootsFound::kOne) {
    if (auto s = roots.MakeNew(); !s.ok()) return s;
    const absl::Status stored =
        keys_.StoreAnew([&](const crypto::Keyring& keyring) {
          return roots.Store(keyring, SealedFor::kBoth);
        });
    if (!stored.ok()) return stored;
  }
  rotation.phase = RotationPhase::kSweeping;
  return CommitRow(rotation, {}, ServersEntry(Action::kActivateKey, rotation));
}

absl::Status RotationSteps::EndRoot(const Rotation& rotation) {
  RootExchange& roots = *keys_.roots();
  const auto found = roots.Look();
  if (!found.ok()) return found.status();
  if (*found == RootsFound::kNewLost) return GiveUp(rotation);
  if (*found == RootsFound::kBoth) {
    if (auto s = roots.PutInPlace(); !s.ok()) return s;
    const absl::Status stored =
        keys_.StoreAnew([&](const crypto::Keyring& keyring) {
          return roots.Store(keyring, SealedFor::kNew);
        });
    if (!stored.ok()) return stored;
  }
  return EraseRow(rotation);
}

// The row says so before the keyring does: a keyring of one root key says
// neither which one nor that it was given up.
absl::Status RotationSteps::GiveUp(Rotation rotation) {
  rotation.phase = RotationPhase::kSteppingBack;
  return CommitRow(rotation, {},
                   ServersEntry(Action::kAbandonRotation, rotation));
}

absl::Status RotationSteps::StepBack(const Rotation& rotation) {
  RootExchange& roots = *keys_.roots();
  const auto found = roots.Look();
  if (!found.ok()) return found.status();
  if (*found != RootsFound::kOne) {
    const absl::Status stored =
        keys_.StoreAnew([&](const crypto::Keyring& keyring) {
          return roots.Store(keyring, SealedFor::kOld);
        });
    if (!stored.ok()) return stored;
  }
  auto kept =
      requests_.Make(GivenUpAct(rotation.id, requests_), EncodeFact(rotation));
  if (!kept.ok()) return kept.status();
  store::Write write;
  write.request = *std::move(kept);
  return EraseRow(rotation, std::move(write));
}

}  // namespace sodality::core
