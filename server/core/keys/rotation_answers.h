// What whoever begins a rotation is told. Internal to key_rotation.cc.
#ifndef SODALITY_SERVER_CORE_KEYS_ROTATION_ANSWERS_H_
#define SODALITY_SERVER_CORE_KEYS_ROTATION_ANSWERS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/keyring.h"
#include "crypto/secret.h"
#include "server/core/keys/rotation.h"
#include "server/core/request_log.h"

namespace sodality::core {

// FAILED_PRECONDITION kRotationRunning.
absl::Status RotationRunning(const Rotation& rotation);

// RESOURCE_EXHAUSTED kDiskFull or UNAVAILABLE kStoreStopped: what stands is
// gone on with, though `cause` kept its key from being written at once.
absl::Status NotActiveYet(const absl::Status& cause);

// INVALID_ARGUMENT kInvalidValue when no file could hold the versions that
// `work` adds; FAILED_PRECONDITION when the ledger's two are not in step.
absl::Status CheckRoom(const crypto::Keyring& keyring, RotationWork work);

// Under which it is kept that a rotation was given up.
Act GivenUpAct(const store::RotationId& id, const RequestLog& requests);

// The answer that was kept: the row's content when it was first written.
absl::StatusOr<Rotation> DecodeAnswer(const store::RotationId& id,
                                      const crypto::SecretBytes& answer);

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_KEYS_ROTATION_ANSWERS_H_
