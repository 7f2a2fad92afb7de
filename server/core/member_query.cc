#include "server/core/member_query.h"

#include <algorithm>
#include <utility>

#include "server/core/error.h"
#include "text/query.h"

namespace sodality::core {
namespace {

// Words as the text library takes them; wiped at the end.
class WordList final {
 public:
  explicit WordList(const std::vector<crypto::SecretBytes>& words) {
    for (const crypto::SecretBytes& word : words) {
      words_.emplace_back(
          crypto::AsText(word.Expose(crypto::AllowSecretAccess())));
    }
  }
  ~WordList() {
    for (std::string& word : words_) crypto::Wipe(word);
  }
  const std::vector<std::string>& words() const { return words_; }

 private:
  std::vector<std::string> words_;
};

absl::Status CheckLimits(const SearchQuery& query) {
  if (query.words.empty() && query.filters.empty()) {
    return InvalidValue("words", "nothing to look for");
  }
  if (query.words.size() > kMaxQueryWords) {
    return InvalidValue("words", "more than 8 words");
  }
  if (query.filters.size() > kMaxFilters) {
    return InvalidValue("filters", "more than 8 filters");
  }
  for (const crypto::SecretBytes& word : query.words) {
    if (word.size() > kMaxQueryWordBytes) {
      return InvalidValue("words", "a word is longer than 256 bytes");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> HoldsForm(OpenedMember& member, const FieldSpec& spec,
                               const std::string& form) {
  const auto values = member.Value(spec.id);
  if (!values.ok()) return values.status();
  if (*values == nullptr) return false;
  const auto views = (*values)->views();
  return std::any_of(views.begin(), views.end(), [&](std::string_view value) {
    return ComparedForm(spec, value) == form;
  });
}

// Adds conditions as long as the store takes them.
class Narrowing final {
 public:
  // A condition without tokens, or with too many, does not narrow.
  void Add(Tokens any_of) {
    std::sort(any_of.begin(), any_of.end());
    any_of.erase(std::unique(any_of.begin(), any_of.end()), any_of.end());
    if (any_of.empty() || any_of.size() > kMaxTokens) return;
    if (query_.all_of.size() < kMaxGroups) {
      query_.all_of.push_back(std::move(any_of));
    }
  }
  store::TokenQuery Take() { return std::move(query_); }

 private:
  static constexpr size_t kMaxGroups = 16;
  static constexpr size_t kMaxTokens = 128;
  store::TokenQuery query_;
};

// Tokens of which a value with this form in any of the fields has one; none as
// soon as one of the fields has no tokens.
absl::StatusOr<Tokens> AnyExact(const SearchIndex& index,
                                const std::vector<const FieldSpec*>& fields,
                                std::string_view form) {
  Tokens any;
  for (const FieldSpec* spec : fields) {
    const auto tokens = index.Exact(*spec, form);
    if (!tokens.ok() || tokens->empty()) return tokens;
    any.insert(any.end(), tokens->begin(), tokens->end());
  }
  return any;
}

// Name fields have no exact tokens, but those of the words of a name.
absl::Status NarrowByName(const SearchIndex& index, const FieldSpec* spec,
                          const std::string& form, Narrowing& narrowing) {
  const std::vector<text::QueryWord> words = text::QueryWords(form);
  const std::string_view name = form;
  if (!text::MatchesName(words, {&name, 1})) return absl::OkStatus();
  for (const text::QueryWord& word : words) {
    auto tokens = index.NameTerm({&spec, 1}, word.lookup);
    if (!tokens.ok()) return tokens.status();
    narrowing.Add(*std::move(tokens));
  }
  return absl::OkStatus();
}

absl::Status NarrowByValue(const SearchIndex& index,
                           const std::vector<const FieldSpec*>& fields,
                           const std::string& form, Narrowing& narrowing) {
  if (fields.size() == 1 && fields.front()->type == FieldType::kName) {
    return NarrowByName(index, fields.front(), form, narrowing);
  }
  auto tokens = AnyExact(index, fields, form);
  if (!tokens.ok()) return tokens.status();
  narrowing.Add(*std::move(tokens));
  return absl::OkStatus();
}

// None when a term's field has no tokens: then scope does not narrow.
absl::StatusOr<Tokens> ScopeTokens(const SearchIndex& index,
                                   const Schema& schema, const Grant& grant) {
  Tokens any;
  for (const ScopeTerm& term : grant.scopes) {
    const FieldSpec* spec = schema.Find(term.field);
    if (spec == nullptr) return Tokens();
    const auto tokens = index.Exact(*spec, term.normalised);
    if (!tokens.ok() || tokens->empty()) return tokens;
    any.insert(any.end(), tokens->begin(), tokens->end());
  }
  return any;
}

}  // namespace

absl::StatusOr<MemberQuery> MemberQuery::Compile(const FieldPolicy& policy,
                                                 const SearchQuery& query,
                                                 const text::Country& country) {
  const absl::Status limits = CheckLimits(query);
  if (!limits.ok()) return limits;
  MemberQuery compiled;
  for (const FilterTerm& filter : query.filters) {
    const absl::Status added = compiled.AddFilter(policy, filter, country);
    if (!added.ok()) return added;
  }
  if (!query.words.empty()) {
    const absl::Status added = compiled.AddWords(policy, query, country);
    if (!added.ok()) return added;
  }
  return compiled;
}

absl::Status MemberQuery::AddFilter(const FieldPolicy& policy,
                                    const FilterTerm& filter,
                                    const text::Country& country) {
  const FieldSpec* spec = policy.Find(filter.field);
  if (spec == nullptr) return UnknownField(filter.field);
  const auto canonical = Canonicalise(*spec, {&filter.value, 1}, country);
  if (!canonical.ok()) return canonical.status();
  if (canonical->empty()) {
    return InvalidValue(spec->name, "an empty value to look for");
  }
  equals_.push_back({{spec}, ComparedForm(*spec, canonical->views().front())});
  return absl::OkStatus();
}

absl::Status MemberQuery::AddWords(const FieldPolicy& policy,
                                   const SearchQuery& query,
                                   const text::Country& country) {
  const WordList words(query.words);
  auto meant = text::ClassifyQuery(words.words(), country);
  if (!meant.ok()) {
    const auto what = meant.status().message();
    return InvalidValue("words", std::string_view(what.data(), what.size()));
  }
  for (std::string& email : meant->emails) {
    const absl::Status added =
        AddEquals(policy, FieldType::kEmail, std::move(email));
    if (!added.ok()) return added;
  }
  if (meant->phone) {
    const absl::Status added =
        AddEquals(policy, FieldType::kPhone, *std::move(meant->phone));
    if (!added.ok()) return added;
  }
  if (meant->names.empty()) return absl::OkStatus();
  return AddNames(policy, std::move(meant->names));
}

absl::Status MemberQuery::AddEquals(const FieldPolicy& policy, FieldType type,
                                    std::string form) {
  auto fields = policy.OfType(type);
  if (fields.empty()) return UnknownField(FieldTypeName(type));
  equals_.push_back({std::move(fields), std::move(form)});
  return absl::OkStatus();
}

absl::Status MemberQuery::AddNames(const FieldPolicy& policy,
                                   std::vector<text::QueryWord> words) {
  name_fields_ = policy.OfType(FieldType::kName);
  if (name_fields_.empty())
    return UnknownField(FieldTypeName(FieldType::kName));
  names_ = std::move(words);
  return absl::OkStatus();
}

absl::StatusOr<store::TokenQuery> MemberQuery::TokensFor(
    const SearchIndex& index, const Schema& schema, const Grant& grant) const {
  Narrowing narrowing;
  for (const Equals& equals : equals_) {
    const absl::Status narrowed =
        NarrowByValue(index, equals.fields, equals.form, narrowing);
    if (!narrowed.ok()) return narrowed;
  }
  for (const text::QueryWord& word : names_) {
    auto tokens = index.NameTerm(name_fields_, word.lookup);
    if (!tokens.ok()) return tokens.status();
    narrowing.Add(*std::move(tokens));
  }
  auto scope = ScopeTokens(index, schema, grant);
  if (!scope.ok()) return scope.status();
  narrowing.Add(*std::move(scope));
  return narrowing.Take();
}

absl::StatusOr<bool> MemberQuery::Matches(OpenedMember& member) const {
  for (const Equals& equals : equals_) {
    bool met = false;
    for (const FieldSpec* spec : equals.fields) {
      const auto holds = HoldsForm(member, *spec, equals.form);
      if (!holds.ok()) return holds.status();
      met |= *holds;
    }
    if (!met) return false;
  }
  return names_.empty() ? true : MatchesNames(member);
}

absl::StatusOr<bool> MemberQuery::MatchesNames(OpenedMember& member) const {
  std::vector<std::string_view> names;
  for (const FieldSpec* spec : name_fields_) {
    const auto values = member.Value(spec->id);
    if (!values.ok()) return values.status();
    if (*values == nullptr) continue;
    for (const std::string_view value : (*values)->views()) {
      names.push_back(value);
    }
  }
  return text::MatchesName(names_, names);
}

}  // namespace sodality::core
