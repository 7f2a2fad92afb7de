// One stored record under new keys. Internal to sweeper.cc.
#ifndef SODALITY_SERVER_CORE_KEYS_RENEWAL_H_
#define SODALITY_SERVER_CORE_KEYS_RENEWAL_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "crypto/keyring.h"
#include "crypto/random.h"
#include "server/core/sealer.h"
#include "server/core/search_index.h"
#include "server/store/member_store.h"

namespace sodality::core {

enum class RecordKey : uint8_t { kKept, kFresh };

// The write that brings `record` under wrap version `to`; nothing when it is
// under that or a later one. DATA_LOSS when the record does not open, or is not
// under the version that the store counts it to; FAILED_PRECONDITION when a
// version is unknown or destroyed.
absl::StatusOr<std::optional<store::RewrapMember>> Rewrap(
    const store::MemberRecord& record, const crypto::Keyring& keyring,
    uint32_t to, RecordKey record_key, crypto::Random& random);

// The write that gives the member the tokens of `sealer`'s index, as it is now.
// DATA_LOSS when the record does not open.
absl::StatusOr<store::RetokenMember> Retoken(store::MemberRecord record,
                                             const Sealer& sealer,
                                             TokenMemo& memo);

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_KEYS_RENEWAL_H_
