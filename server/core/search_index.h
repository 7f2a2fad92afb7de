// Which blind-index tokens a member has, and which a question asks for. Tokens
// only narrow: whoever uses them decides on the opened values. Read next:
// member_query.h.
#ifndef SODALITY_SERVER_CORE_SEARCH_INDEX_H_
#define SODALITY_SERVER_CORE_SEARCH_INDEX_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "crypto/keyed_hash.h"
#include "crypto/keyring.h"
#include "crypto/random.h"
#include "crypto/token.h"
#include "server/core/member.h"
#include "server/core/schema.h"
#include "server/store/member_store.h"
#include "text/names.h"

namespace sodality::core {

// The slot of a token is field * 4 + kind.
enum class SlotKind : uint16_t { kExact = 0, kWord = 1, kPrefix = 2 };

using Tokens = std::vector<store::IndexToken>;

// The tokens of values that came before, for whoever seals many members in a
// row: most share their first name, and all their region, with others.
// Thread safety: one user at a time. Secrets: the values stand in it as keyed
// hashes; the key is drawn for it and wiped with it.
class TokenMemo final {
 public:
  explicit TokenMemo(crypto::Random& random)
      : key_(crypto::SubKey::Generate(random)) {}

 private:
  friend class SearchIndex;
  using Name = crypto::Bytes16;

  Name NameOf(const FieldSpec& spec, std::string_view value) const;

  // A step of a roster has fewer; a hostile one could have half a million.
  static constexpr size_t kMostNames = size_t{16} << 10;

  const crypto::SubKey key_;
  absl::flat_hash_map<Name, Tokens> known_;
};

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

  // All of a member's, sorted, without duplicates. The same with a memo, which
  // must be of this index.
  absl::StatusOr<Tokens> TokensOf(std::span<const FieldValue> fields,
                                  TokenMemo* memo = nullptr) const;

  // Of which a member with this value in the field has at least one. None when
  // the field has no exact tokens.
  absl::StatusOr<Tokens> Exact(const FieldSpec& spec,
                               std::string_view compared_form) const;
  // In which a member with a value in the field has a token; those that still
  // may be found by a retired version have one in that version's.
  std::vector<store::IndexSlot> ExactSlots(const FieldSpec& spec) const;
  // Of which a member with this term in one of the name fields has one.
  absl::StatusOr<Tokens> NameTerm(std::span<const FieldSpec* const> fields,
                                  const text::Term& term) const;

 private:
  absl::StatusOr<Tokens> OfValue(const FieldSpec& spec, std::string_view value,
                                 TokenMemo* memo) const;
  SearchIndex(const Schema& schema, std::vector<crypto::TokenDeriver> derivers)
      : schema_(&schema), derivers_(std::move(derivers)) {}

  const Schema* schema_;
  std::vector<crypto::TokenDeriver> derivers_;  // The active version first.
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_SEARCH_INDEX_H_
