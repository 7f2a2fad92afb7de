// The limits of a write and a query, the same for every store.
// Read next: member_store.h.
#ifndef SODALITY_SERVER_STORE_LIMITS_H_
#define SODALITY_SERVER_STORE_LIMITS_H_

#include <cstddef>

#include "absl/status/status.h"
#include "server/store/member_store.h"

namespace sodality::store {

inline constexpr size_t kMaxMembersPerWrite = 1000;
inline constexpr size_t kMaxRowsPerWrite = 1000;
// Nothing that the core accepts comes near: a limit on tokens, which are cut,
// would be passed by a member when they are cut longer.
inline constexpr size_t kMaxTokensPerMember = 1 << 20;
inline constexpr size_t kMaxSealedBytes = 4 << 20;
inline constexpr size_t kMaxGroups = 16;
inline constexpr size_t kMaxTokensPerGroup = 128;
inline constexpr size_t kMaxPage = 1000;

// INVALID_ARGUMENT naming the limit: too many members, rows or tokens, a sealed
// value too long, the same member or row twice, no ledger entry.
absl::Status CheckWrite(const Write& write);
absl::Status CheckQuery(const TokenQuery& query);
absl::Status CheckPage(size_t limit);

// What a store answers about Write::retire_wrap_below and retire_index_below:
// ABORTED, each.
absl::Status WrapInUse();
absl::Status WrapRetired();
absl::Status IndexInUse();
absl::Status IndexRetired();

// Bytes a write brings to its group.
[[nodiscard]] size_t SizeOf(const Write& write);

}  // namespace sodality::store

#endif  // SODALITY_SERVER_STORE_LIMITS_H_
