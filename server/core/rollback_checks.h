// Whether database, ledger and keyring are of one time: checks of a start.
// docs/threat-model.md "Rollback". Internal to chapter.cc.
#ifndef SODALITY_SERVER_CORE_ROLLBACK_CHECKS_H_
#define SODALITY_SERVER_CORE_ROLLBACK_CHECKS_H_

#include <optional>

#include "absl/status/status.h"
#include "crypto/keyring.h"
#include "server/core/keys/rotation.h"
#include "server/core/ledger/ledger.h"
#include "server/core/search_index.h"
#include "server/core/store_digest.h"
#include "server/store/member_store.h"

namespace sodality::core {

// Each: FAILED_PRECONDITION naming what is older; errors of the store.

// Each names the other's newest state.
absl::Status CheckHeads(const DigestFacts& digest, const Ledger& ledger,
                        store::Revision revision);

// Each write that the ledger does not know is in the outbox; one that is in
// neither was in the ledger once.
absl::Status CheckOutbox(store::MemberStore& store, const Head& head,
                         store::Revision revision);

// The ledger's index holds durable entries alone, so it never leads.
absl::Status CheckIndex(store::MemberStore& store, const Head& head);

// A keyring is written before the database names its generation, as the act of
// a rotation that is starting or copies pages, or of an act that destroys
// versions (`trims`), and named before the next is written.
absl::Status CheckGeneration(const DigestFacts& digest,
                             const crypto::Keyring& keyring,
                             const std::optional<Rotation>& unfinished,
                             bool trims);

// Nobody is found by tokens of a version that nobody asks for.
absl::Status CheckTokens(store::MemberStore& store,
                         const IndexVersions& versions);

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_ROLLBACK_CHECKS_H_
