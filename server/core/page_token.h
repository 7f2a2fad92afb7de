// Where a search goes on: opaque to the client, of one size, good for the same
// question of the same caller through the same grant. Read next: directory.cc.
#ifndef SODALITY_SERVER_CORE_PAGE_TOKEN_H_
#define SODALITY_SERVER_CORE_PAGE_TOKEN_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "crypto/key.h"
#include "crypto/random.h"
#include "crypto/sealed_blob.h"
#include "platform/clock.h"
#include "server/core/access/types.h"
#include "server/core/directory.h"

namespace sodality::core {

// Whose page of which question. Everything but page size and token counts.
struct PageOwner {
  PrincipalId principal;
  GrantUse grant;
  const SearchQuery& query;
};

// Tokens are sealed under a key of this object's life: after a restart a search
// begins anew. Thread safety: safe. Secrets: two random keys.
class PageTokens final {
 public:
  PageTokens(const platform::Clock& clock, crypto::Random& random);

  // Base64, good for an hour.
  absl::StatusOr<std::string> Seal(const PageOwner& owner,
                                   const MemberId& after) const;
  // INVALID_ARGUMENT kBadPageToken, with one message whatever the cause.
  absl::StatusOr<MemberId> Open(const PageOwner& owner,
                                std::string_view token) const;

 private:
  crypto::AssociatedData BoundTo(const PageOwner& owner) const;

  const platform::Clock& clock_;
  crypto::Random& random_;
  crypto::SubKey question_key_;
  crypto::BlobSealer sealer_;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_PAGE_TOKEN_H_
