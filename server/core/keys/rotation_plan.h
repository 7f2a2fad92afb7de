// From which version to which a rotation would go, and whether it may begin.
// Internal to key_rotation.cc.
#ifndef SODALITY_SERVER_CORE_KEYS_ROTATION_PLAN_H_
#define SODALITY_SERVER_CORE_KEYS_ROTATION_PLAN_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/core/chapter.h"
#include "server/core/keys/rotation.h"

namespace sodality::core {

// FAILED_PRECONDITION kRotationRunning while versions are destroyed, and
// kNoRootKeyFile of a root key; INVALID_ARGUMENT kInvalidValue of a key that
// this chapter cannot rotate; RESOURCE_EXHAUSTED kDiskFull of pages.
absl::StatusOr<Rotation> PlanRotation(const DirectoryParts& parts,
                                      const store::RotationId& id,
                                      RotationWork work);

// Of work kRekeyRoot alone; also while versions are destroyed.
absl::StatusOr<Rotation> PlanRoot(const DirectoryParts& parts,
                                  const store::RotationId& id);

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_KEYS_ROTATION_PLAN_H_
