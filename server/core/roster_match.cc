#include "server/core/roster_match.h"

#include <algorithm>
#include <future>
#include <utility>

#include "crypto/secret.h"

namespace sodality::core {
namespace {

size_t At(MatchKey key) { return static_cast<size_t>(key); }
unsigned BitOf(MatchKey key) { return 1U << At(key); }

[[nodiscard]] bool Meet(const Forms& a, const Forms& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& form) {
    return std::find(b.begin(), b.end(), form) != b.end();
  });
}

Tokens AnyOf(std::span<const Tokens> of_each) {
  Tokens any;
  for (const Tokens& tokens : of_each) {
    any.insert(any.end(), tokens.begin(), tokens.end());
  }
  std::sort(any.begin(), any.end());
  any.erase(std::unique(any.begin(), any.end()), any.end());
  return any;
}

// Values of any holder of fields with `Value`.
template <class Holder>
absl::StatusOr<Forms> FormsIn(Holder& holder,
                              std::span<const FieldSpec* const> fields) {
  Forms forms;
  for (const FieldSpec* spec : fields) {
    const absl::StatusOr<const ValueList*> values = holder.Value(spec->id);
    if (!values.ok()) return values.status();
    if (*values == nullptr) continue;
    for (const std::string_view value : (*values)->views()) {
      forms.push_back(ComparedForm(*spec, value));
    }
  }
  return forms;
}

}  // namespace

absl::StatusOr<const ValueList*> Candidate::Value(uint16_t field) {
  if (draft_) return draft_->Find(field);
  return stored_->Value(field);
}

absl::Status Candidate::Set(uint16_t field, ValueList values) {
  if (!draft_) {
    auto all = stored_->All();
    if (!all.ok()) return all.status();
    draft_ = *std::move(all);
  }
  draft_->Set(field, std::move(values));
  written_.insert(field);
  return absl::OkStatus();
}

MatchTable::MatchTable(const Members& members, const Schema& schema)
    : members_(members) {
  for (const MatchKey key : kMatchKeys) {
    fields_[At(key)] = FieldsFor(schema, key);
  }
}

// Each kind only for the rows that a stronger one has not found.
absl::Status MatchTable::Load(std::span<const ParsedRow* const> rows) {
  std::vector<const ParsedRow*> open(rows.begin(), rows.end());
  for (const MatchKey key : kMatchKeys) {
    for (const auto& [stronger, forms] : WantedBy(key, open)) {
      const absl::Status loaded = LoadBy(key, stronger, forms);
      if (!loaded.ok()) return loaded;
    }
    std::vector<const ParsedRow*> left;
    for (const ParsedRow* row : open) {
      const auto found = FindBy(key, *row);
      if (!found.ok()) return found.status();
      if (found->empty()) left.push_back(row);
    }
    open = std::move(left);
  }
  return absl::OkStatus();
}

MatchTable::WantedByStronger MatchTable::WantedBy(
    MatchKey key, std::span<const ParsedRow* const> rows) {
  WantedByStronger wanted;
  for (const ParsedRow* row : rows) {
    unsigned stronger = 0;
    for (const MatchKey each : kMatchKeys) {
      if (each < key && !row->FormsOf(each).empty()) stronger |= BitOf(each);
    }
    const Forms& forms = row->FormsOf(key);
    if (!forms.empty()) wanted[stronger].insert(forms.begin(), forms.end());
  }
  return wanted;
}

absl::StatusOr<std::vector<Tokens>> MatchTable::TokensOf(
    const SearchIndex& index, MatchKey key, const Wanted& forms) const {
  std::vector<Tokens> all;
  all.reserve(forms.size());
  for (const std::string& form : forms) {
    Tokens& tokens = all.emplace_back();
    for (const FieldSpec* spec : fields_[At(key)]) {
      const auto exact = index.Exact(*spec, form);
      if (!exact.ok()) return exact.status();
      tokens.insert(tokens.end(), exact->begin(), exact->end());
    }
  }
  std::sort(all.begin(), all.end());
  return all;
}

std::vector<store::IndexSlot> MatchTable::SlotsOf(const SearchIndex& index,
                                                  unsigned keys) const {
  std::vector<store::IndexSlot> slots;
  for (const MatchKey key : kMatchKeys) {
    if ((keys & BitOf(key)) == 0) continue;
    for (const FieldSpec* spec : fields_[At(key)]) {
      const auto some = index.ExactSlots(*spec);
      slots.insert(slots.end(), some.begin(), some.end());
    }
  }
  return slots;
}

absl::Status MatchTable::LoadBy(MatchKey key, unsigned stronger,
                                const Wanted& forms) {
  const auto index = members_.index();
  const auto tokens = TokensOf(*index, key, forms);
  if (!tokens.ok()) return tokens.status();
  const std::span<const Tokens> of_each(*tokens);
  const size_t middle = of_each.size() / 2;
  const auto slots = SlotsOf(*index, stronger);
  // Half of them on a thread of its own: nothing else is at work yet. All of a
  // form's in one question: while the index is rotated a member has one of
  // them, and which may change between two.
  auto rest = std::async(std::launch::async, [&, this] {
    return crypto::WipingStack(
        [&] {
          return Holders(key, forms, {AnyOf(of_each.subspan(middle)), slots});
        },
        crypto::kBatchStack);
  });
  auto some = Holders(key, forms, {AnyOf(of_each.first(middle)), slots});
  auto more = rest.get();
  for (auto* found : {&some, &more}) {
    if (!found->ok()) return found->status();
    for (OpenedMember& member : **found) {
      const absl::Status kept = Keep(key, std::move(member));
      if (!kept.ok()) return kept;
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<OpenedMember>> MatchTable::Holders(
    MatchKey key, const Wanted& forms, const store::HolderQuery& query) const {
  std::vector<OpenedMember> holders;
  const absl::Status visited =
      members_.VisitHolders(query, [&](OpenedMember member) {
        const auto have = FormsIn(member, fields_[At(key)]);
        if (!have.ok()) return have.status();
        if (std::any_of(have->begin(), have->end(), [&](const auto& form) {
              return forms.contains(form);
            })) {
          holders.push_back(std::move(member));
        }
        return absl::OkStatus();
      });
  if (!visited.ok()) return visited;
  return holders;
}

absl::Status MatchTable::Keep(MatchKey key, OpenedMember member) {
  const MemberId id = member.id();
  if (const auto known = by_id_.find(id); known != by_id_.end()) {
    return IndexBy(key, *known->second);
  }
  Candidate& candidate = candidates_.emplace_back(std::move(member));
  by_id_[id] = &candidate;
  return IndexBy(key, candidate);
}

absl::Status MatchTable::IndexBy(MatchKey key, Candidate& candidate) {
  const auto forms = FormsIn(candidate, fields_[At(key)]);
  if (!forms.ok()) return forms.status();
  for (const std::string& form : *forms) {
    std::vector<Candidate*>& holders = by_form_[At(key)][form];
    if (std::find(holders.begin(), holders.end(), &candidate) ==
        holders.end()) {
      holders.push_back(&candidate);
    }
  }
  return absl::OkStatus();
}

absl::Status MatchTable::Reindex(Candidate& candidate) {
  for (const MatchKey key : kMatchKeys) {
    const absl::Status indexed = IndexBy(key, candidate);
    if (!indexed.ok()) return indexed;
  }
  return absl::OkStatus();
}

absl::StatusOr<Candidate*> MatchTable::Add(Member member) {
  const MemberId id = member.id;
  Candidate& candidate = candidates_.emplace_back(std::move(member));
  by_id_[id] = &candidate;
  const absl::Status indexed = Reindex(candidate);
  if (!indexed.ok()) return indexed;
  return &candidate;
}

void MatchTable::Clear() {
  for (auto& forms : by_form_) forms.clear();
  by_id_.clear();
  candidates_.clear();
}

absl::StatusOr<bool> MatchTable::Is(Candidate& candidate, MatchKey key,
                                    const ParsedRow& row) {
  for (const MatchKey each : kMatchKeys) {
    const auto forms = FormsIn(candidate, fields_[At(each)]);
    if (!forms.ok()) return forms.status();
    const bool same = Meet(*forms, row.FormsOf(each));
    if (each == key) return same;
    if (!same && !forms->empty() && !row.FormsOf(each).empty()) return false;
  }
  return false;
}

absl::StatusOr<std::vector<Candidate*>> MatchTable::FindBy(
    MatchKey key, const ParsedRow& row) {
  std::vector<Candidate*> found;
  for (const std::string& form : row.FormsOf(key)) {
    const auto holders = by_form_[At(key)].find(form);
    if (holders == by_form_[At(key)].end()) continue;
    for (Candidate* candidate : holders->second) {
      const auto is = Is(*candidate, key, row);
      if (!is.ok()) return is.status();
      const bool known =
          std::find(found.begin(), found.end(), candidate) != found.end();
      if (*is && !known) found.push_back(candidate);
    }
  }
  return found;
}

absl::StatusOr<MatchTable::Match> MatchTable::Find(const ParsedRow& row) {
  for (const MatchKey key : kMatchKeys) {
    auto found = FindBy(key, row);
    if (!found.ok()) return found.status();
    if (found->empty()) continue;
    Match match{.found = *std::move(found), .key = key};
    if (match.found.size() == 1) match.member = match.found.front();
    if (match.found.size() > 1) match.ambiguous = key;
    return match;
  }
  return Match{};
}

absl::StatusOr<Candidate*> MatchTable::FindByUnique(const ParsedRow& row) {
  const auto found = FindBy(MatchKey::kUnique, row);
  if (!found.ok()) return found.status();
  return found->empty() ? nullptr : found->front();
}

}  // namespace sodality::core
