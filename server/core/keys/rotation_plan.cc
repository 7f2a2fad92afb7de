#include "server/core/keys/rotation_plan.h"

#include "server/core/error.h"
#include "server/core/keys/keys.h"
#include "server/core/keys/root_exchange.h"
#include "server/core/keys/rotation_answers.h"
#include "server/store/store_maintenance.h"

namespace sodality::core {
namespace {

absl::StatusOr<uint32_t> ActiveVersion(const crypto::Keyring& keyring,
                                       crypto::KeyKind kind) {
  for (const crypto::KeyInfo& info : keyring.Infos()) {
    if (info.kind == kind && info.state == crypto::KeyState::kActive) {
      return info.version;
    }
  }
  return absl::FailedPreconditionError("the keyring lacks an active key");
}

absl::Status KeysAreTrimmed() {
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   "old versions of a key are being destroyed",
                   {.reason = Reason::kRotationRunning,
                    .hint = "approve that act once more, so that it goes on: "
                            "sodality approval list"});
}

}  // namespace

absl::StatusOr<Rotation> PlanRotation(const DirectoryParts& parts,
                                      const store::RotationId& id,
                                      RotationWork work) {
  if (parts.access.book().IsRunning()) return KeysAreTrimmed();
  if (work == RotationWork::kRekeyRoot) return PlanRoot(parts, id);
  const auto keyring = parts.keys->Current();
  const crypto::KeyKind kind = KindOf(work);
  const auto from = ActiveVersion(*keyring, kind);
  if (!from.ok()) return from.status();
  if (auto s = CheckRoom(*keyring); !s.ok()) return s;
  if (work == RotationWork::kRekeyPages) {
    auto* const files = parts.store.maintenance();
    if (files == nullptr) {
      return InvalidValue("kind", "this store has no page key");
    }
    if (auto s = files->CheckRoomForCopy(); !s.ok()) return s;
  }
  return Rotation{.id = id,
                  .kind = kind,
                  .work = work,
                  .from = *from,
                  .to = keyring->NextVersion(kind),
                  .started = parts.clock.Now()};
}

absl::StatusOr<Rotation> PlanRoot(const DirectoryParts& parts,
                                  const store::RotationId& id) {
  if (parts.keys->roots() == nullptr) {
    return InvalidValue("kind", "this keyring has no root key");
  }
  if (auto s = parts.keys->roots()->CheckPlace(); !s.ok()) return s;
  return Rotation{.id = id,
                  .kind = kRootKind,
                  .work = RotationWork::kRekeyRoot,
                  .started = parts.clock.Now()};
}

}  // namespace sodality::core
