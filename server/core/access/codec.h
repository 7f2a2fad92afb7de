// Access rows as bytes inside their seal (docs/formats.md "Access rows").
#ifndef SODALITY_SERVER_CORE_ACCESS_CODEC_H_
#define SODALITY_SERVER_CORE_ACCESS_CODEC_H_

#include <variant>

#include "absl/status/statusor.h"
#include "crypto/sealed_blob.h"
#include "crypto/secret.h"
#include "server/core/access/acts.h"
#include "server/core/access/types.h"
#include "server/core/incarnation.h"
#include "server/core/keys/rotation.h"
#include "server/store/member_store.h"

namespace sodality::core {

// What a row holds; a suppression has no content beyond its id.
struct Suppression {
  store::IdBytes id{};
};
using AccessFact = std::variant<Principal, Device, Grant, Invite, Suppression,
                                Rotation, Incarnation, PendingAct, KeptBackup>;

store::AccessTable TableOf(const AccessFact& fact);
store::IdBytes IdOf(const AccessFact& fact);
uint64_t VersionOf(const AccessFact& fact);

crypto::SecretBytes EncodeFact(const AccessFact& fact);
// `row` gives table, id and version; they are not repeated inside. DATA_LOSS
// unless the bytes are what EncodeFact gives; FAILED_PRECONDITION when the
// format is newer than this code.
absl::StatusOr<AccessFact> DecodeFact(const store::AccessRow& row,
                                      const crypto::SecretBytes& content);

// Seals the next version of `fact` (its version + 1) as a put that replaces
// the current one.
absl::StatusOr<store::PutAccessRow> SealFact(const AccessFact& fact,
                                             const crypto::RowSealer& sealer,
                                             crypto::Random& random);
absl::StatusOr<AccessFact> OpenFact(const store::AccessRow& row,
                                    const crypto::RowSealer& sealer);

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_ACCESS_CODEC_H_
