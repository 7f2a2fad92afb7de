// Retried writes: the same request id of the same principal, with the same
// content, gets the answer of the first time. Used by directory.h and
// access/access_control.h, in the same transaction as the change.
#ifndef SODALITY_SERVER_CORE_REQUEST_LOG_H_
#define SODALITY_SERVER_CORE_REQUEST_LOG_H_

#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "crypto/keyring.h"
#include "crypto/random.h"
#include "crypto/sealed_blob.h"
#include "crypto/secret.h"
#include "platform/clock.h"
#include "server/core/access/types.h"
#include "server/core/directory.h"
#include "server/core/keyed_digest.h"
#include "server/store/member_store.h"

namespace sodality::core {

// One act of one principal. `content` is of everything that the act depends
// on: RequestLog::Digest("create-grant").Add(...)....Finish().
struct Act {
  PrincipalId principal;
  RequestId request;
  crypto::Bytes32 content{};
};

// The way through a write: Find; if there is an answer, give it. Else Make with
// the answer-to-be and put it into store::Write::request. If the store then
// says ALREADY_EXISTS, another call with this id was faster: Find again.
//
// Thread safety: safe. Secrets: holds subkeys of the state key; what is kept is
// sealed and expires after 24 hours.
class RequestLog final {
 public:
  // FAILED_PRECONDITION when the keyring has no state key.
  static absl::StatusOr<RequestLog> Create(const crypto::Keyring& keyring,
                                           const platform::Clock& clock,
                                           crypto::Random& random);

  // To be filled with the content of an act; borrows this object.
  KeyedDigest Digest(std::string_view act) const;

  // The answer that was kept; nothing when the act is new. INVALID_ARGUMENT
  // kRequestIdReused when the id was used with another content; the store's
  // errors; DATA_LOSS when what was kept does not open.
  absl::StatusOr<std::optional<crypto::SecretBytes>> Find(
      store::MemberStore& store, const Act& act) const;

  // INVALID_ARGUMENT when `answer` is above crypto::kMaxBlobSize.
  absl::StatusOr<store::PutRequest> Make(
      const Act& act, const crypto::SecretBytes& answer) const;

 private:
  RequestLog(crypto::SubKey key, crypto::BlobSealer sealer,
             const platform::Clock& clock, crypto::Random& random);
  store::RequestKey KeyOf(const Act& act) const;

  crypto::SubKey key_;
  crypto::BlobSealer sealer_;
  const platform::Clock* clock_;
  crypto::Random* random_;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_REQUEST_LOG_H_
