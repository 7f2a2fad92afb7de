// What a search asks, in terms of the fields that the grant shows. Tokens
// narrow; Matches decides, on plaintext. Read next: directory.cc.
#ifndef SODALITY_SERVER_CORE_MEMBER_QUERY_H_
#define SODALITY_SERVER_CORE_MEMBER_QUERY_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/core/directory.h"
#include "server/core/field_policy.h"
#include "server/core/opened_member.h"
#include "server/core/search_index.h"
#include "text/names.h"
#include "text/phone.h"

namespace sodality::core {

inline constexpr size_t kMaxQueryWords = 8;
inline constexpr size_t kMaxQueryWordBytes = 256;
inline constexpr size_t kMaxFilters = 8;

// Conditions, all of which a member has to meet.
// Thread safety: const methods are safe. Lifetime: borrows the schema.
class MemberQuery final {
 public:
  // A condition on a field that `policy` does not show answers as one on a
  // field that does not exist: INVALID_ARGUMENT kUnknownField. Words that are
  // an e-mail address or a telephone number are conditions on the fields of
  // that type. INVALID_ARGUMENT kInvalidValue for what cannot be looked for.
  static absl::StatusOr<MemberQuery> Compile(const FieldPolicy& policy,
                                             const SearchQuery& query,
                                             const text::Country& country);

  // What every match within the scope of `grant` has. As narrow as the store
  // takes it: what is left out of it, Matches still decides.
  absl::StatusOr<store::TokenQuery> TokensFor(const SearchIndex& index,
                                              const Schema& schema,
                                              const Grant& grant) const;

  [[nodiscard]] absl::StatusOr<bool> Matches(OpenedMember& member) const;

 private:
  // One of the fields has a value that compares equal.
  struct Equals {
    std::vector<const FieldSpec*> fields;
    std::string form;
  };

  MemberQuery() = default;
  absl::Status AddFilter(const FieldPolicy& policy, const FilterTerm& filter,
                         const text::Country& country);
  absl::Status AddWords(const FieldPolicy& policy, const SearchQuery& query,
                        const text::Country& country);
  absl::Status AddEquals(const FieldPolicy& policy, FieldType type,
                         std::string form);
  absl::Status AddNames(const FieldPolicy& policy,
                        std::vector<text::QueryWord> words);
  [[nodiscard]] absl::StatusOr<bool> MatchesNames(OpenedMember& member) const;

  std::vector<Equals> equals_;
  std::vector<text::QueryWord> names_;
  std::vector<const FieldSpec*> name_fields_;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_MEMBER_QUERY_H_
