// A stored record under another wrap key.
#ifndef SODALITY_SERVER_CORE_KEYS_REWRAP_H_
#define SODALITY_SERVER_CORE_KEYS_REWRAP_H_

#include <optional>

#include "absl/status/statusor.h"
#include "crypto/keyring.h"
#include "crypto/random.h"
#include "server/store/member_store.h"

namespace sodality::core {

// The write that brings `record` under version `to`; nothing when it is under
// that or a later one. DATA_LOSS when the record does not open;
// FAILED_PRECONDITION when a version is unknown or destroyed.
absl::StatusOr<std::optional<store::RewrapMember>> Rewrap(
    const store::MemberRecord& record, const crypto::Keyring& keyring,
    uint32_t to, crypto::Random& random);

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_KEYS_REWRAP_H_
