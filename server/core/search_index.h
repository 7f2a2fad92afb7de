// Which blind-index tokens a member has, and which a question asks for. Tokens
// only narrow: whoever uses them decides on the opened values. Read next:
// member_query.h.
#ifndef SODALITY_SERVER_CORE_SEARCH_INDEX_H_
#define SODALITY_SERVER_CORE_SEARCH_INDEX_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "crypto/keyring.h"
#include "crypto/token.h"
#include "server/core/member.h"
#include "server/core/schema.h"
#include "server/store/member_store.h"
#include "text/names.h"

namespace sodality::core {

// The slot of a token is field * 4 + kind.
enum class SlotKind : uint16_t { kExact = 0, kWord = 1, kPrefix = 2 };

using Tokens = std::vector<store::IndexToken>;

// Writes make tokens of the active index version; questions ask for those of
// every version that members may still be found by.
// Thread safety: const methods are safe. Lifetime: borrows the schema.
// Secrets: subkeys of the index keys.
class SearchIndex final {
 public:
  // FAILED_PRECONDITION when the keyring has no active index key, or the index
  // was made by another version of text/normalise.h.
  static absl::StatusOr<SearchIndex> Create(const Schema& schema,
                                            const crypto::Keyring& keyring);

  // All of a member's, sorted, without duplicates.
  absl::StatusOr<Tokens> TokensOf(std::span<const FieldValue> fields) const;

  // Of which a member with this value in the field has at least one. None when
  // the field has no exact tokens.
  absl::StatusOr<Tokens> Exact(const FieldSpec& spec,
                               std::string_view compared_form) const;
  // Of which a member with this term in one of the name fields has one.
  absl::StatusOr<Tokens> NameTerm(std::span<const FieldSpec* const> fields,
                                  const text::Term& term) const;

 private:
  SearchIndex(const Schema& schema, std::vector<crypto::TokenDeriver> derivers)
      : schema_(&schema), derivers_(std::move(derivers)) {}

  const Schema* schema_;
  std::vector<crypto::TokenDeriver> derivers_;  // The active version first.
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_SEARCH_INDEX_H_
