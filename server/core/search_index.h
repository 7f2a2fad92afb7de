// Which blind-index tokens a member has, and which a question asks for. Tokens
// only narrow: whoever uses them decides on the opened values. Read next:
// member_query.h.
#ifndef SODALITY_SERVER_CORE_SEARCH_INDEX_H_
#define SODALITY_SERVER_CORE_SEARCH_INDEX_H_

#include <cstdint>
#include <optional>
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
  uint16_t index_version_ = 0;  // Of `known_`.
  absl::flat_hash_map<Name, Tokens> known_;
};

// By which versions of the index key members are found: writes make tokens of
// one; while it is rotated a member may have those of the other instead.
struct IndexVersions {
  uint32_t written = 0;
  std::optional<uint32_t> other;
};

// How the tokens of a new index version are made, for so many members.
crypto::IndexParameters PlanIndex(uint64_t members);

// Whether tokens made by `index` tell so many members apart too well, or narrow
// too little (crypto/token.h).
[[nodiscard]] bool IsOutgrown(const crypto::IndexParameters& index,
                              uint64_t members);

// Writes make tokens of one index version; questions ask for those of every
// version that members may be found by.
// Thread safety: const methods are safe. Lifetime: borrows the schema.
// Secrets: subkeys of the index keys.
class SearchIndex final {
 public:
  // FAILED_PRECONDITION when the keyring lacks a key of `versions`, or one was
  // planned for another version of text/normalise.h.
  static absl::StatusOr<SearchIndex> Create(const Schema& schema,
                                            const crypto::Keyring& keyring,
                                            const IndexVersions& versions);
  // By the active version alone.
  static absl::StatusOr<SearchIndex> Create(const Schema& schema,
                                            const crypto::Keyring& keyring);

  const IndexVersions& versions() const { return versions_; }

  // All of a member's, sorted, without duplicates. The same with a memo.
  absl::StatusOr<Tokens> TokensOf(std::span<const FieldValue> fields,
                                  TokenMemo* memo = nullptr) const;

  // Of which a member with this value in the field has at least one. None when
  // the field has no exact tokens.
  absl::StatusOr<Tokens> Exact(const FieldSpec& spec,
                               std::string_view compared_form) const;
  // In which a member with a value in the field has a token: in that of one of
  // the versions.
  std::vector<store::IndexSlot> ExactSlots(const FieldSpec& spec) const;
  // Of which a member with this term in one of the name fields has one.
  absl::StatusOr<Tokens> NameTerm(std::span<const FieldSpec* const> fields,
                                  const text::Term& term) const;

 private:
  absl::StatusOr<Tokens> OfValue(const FieldSpec& spec, std::string_view value,
                                 TokenMemo* memo) const;
  SearchIndex(const Schema& schema, const IndexVersions& versions,
              std::vector<crypto::TokenDeriver> derivers)
      : schema_(&schema), versions_(versions), derivers_(std::move(derivers)) {}

  const Schema* schema_;
  IndexVersions versions_;
  std::vector<crypto::TokenDeriver> derivers_;  // That of `written` first.
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_SEARCH_INDEX_H_
