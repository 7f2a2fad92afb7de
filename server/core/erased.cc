#include "server/core/erased.h"

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "text/names.h"

namespace sodality::core {
namespace {

using Kind = Contact::Kind;

void AddWords(const ValueList& names, std::vector<std::string>& words) {
  for (const std::string_view name : names.views()) {
    for (text::NameWord& word : text::NameWords(name)) {
      words.push_back(std::move(word.text));
    }
  }
}

// Ids in order, each once, up to the limit.
class NewRows final {
 public:
  explicit NewRows(const SuppressionList& list) : list_(list) {}

  void Add(const store::IdBytes& id) {
    if (rows_.size() == ErasedMembers::kMaxRows || list_.Contains(id)) return;
    if (seen_.insert(id).second) rows_.push_back(id);
  }
  std::vector<store::IdBytes> Take() { return std::move(rows_); }

 private:
  const SuppressionList& list_;
  absl::flat_hash_set<store::IdBytes> seen_;
  std::vector<store::IdBytes> rows_;
};

void AddContacts(const Member& member, Kind kind,
                 std::span<const FieldSpec* const> fields,
                 std::vector<Contact>& contacts) {
  for (const FieldSpec* spec : fields) {
    const ValueList* values = member.Find(spec->id);
    if (values == nullptr) continue;
    for (const std::string_view value : values->views()) {
      contacts.push_back({kind, ComparedForm(*spec, value)});
    }
  }
}

}  // namespace

ErasedMembers::ErasedMembers(const Schema& schema, const SuppressionList& list)
    : list_(list),
      unique_(FieldsFor(schema, MatchKey::kUnique)),
      emails_(FieldsFor(schema, MatchKey::kEmail)),
      phones_(FieldsFor(schema, MatchKey::kPhone)) {
  for (const FieldSpec& spec : schema.fields()) {
    if (spec.type == FieldType::kName) names_.push_back(&spec);
  }
}

std::vector<store::IdBytes> ErasedMembers::RowsOf(const Member& member) const {
  NewRows rows(list_);
  rows.Add(list_.RowId(member.id));
  for (const FieldSpec* spec : unique_) {
    const ValueList* values = member.Find(spec->id);
    if (values == nullptr) continue;
    for (const std::string_view id : values->views()) rows.Add(list_.RowId(id));
  }
  std::vector<Contact> contacts;
  AddContacts(member, Kind::kEmail, emails_, contacts);
  AddContacts(member, Kind::kPhone, phones_, contacts);
  for (const Contact& contact : contacts) rows.Add(list_.RowId(contact));
  Words words;
  for (const FieldSpec* spec : names_) {
    if (const ValueList* names = member.Find(spec->id)) AddWords(*names, words);
  }
  if (words.empty()) words.emplace_back();
  for (const std::string& word : words) {
    for (const Contact& contact : contacts) {
      rows.Add(list_.RowId(contact, word));
    }
  }
  return rows.Take();
}

absl::StatusOr<bool> ErasedMembers::Names(const ParsedRow& row,
                                          MatchTable& table) const {
  if (list_.empty()) return false;
  // Looked at before e-mail and phone: it must not lead to somebody else.
  const Forms& ids = row.FormsOf(MatchKey::kUnique);
  const bool by_id = !ids.empty() && list_.Contains(ids.front());
  const Likeness likeness = by_id ? Likeness::kPerson : Compare(row);
  if (likeness == Likeness::kNone) return false;
  const auto holder = table.FindByUnique(row);
  if (!holder.ok()) return holder.status();
  if (*holder != nullptr) return false;
  if (by_id) return true;
  const auto match = table.Find(row);
  if (!match.ok()) return match.status();
  if (likeness == Likeness::kContact) {
    return match->member == nullptr && !match->ambiguous;
  }
  for (Candidate* member : match->found) {
    const auto theirs = IsTheirs(row, *match->key, *member);
    if (!theirs.ok()) return theirs.status();
    if (*theirs) return false;
  }
  return true;
}

// By a contact of their own, or one of an erased member's with their name.
absl::StatusOr<bool> ErasedMembers::IsTheirs(const ParsedRow& row, MatchKey key,
                                             Candidate& member) const {
  const bool by_email = key == MatchKey::kEmail;
  for (const FieldSpec* spec : by_email ? emails_ : phones_) {
    const auto values = member.Value(spec->id);
    if (!values.ok()) return values.status();
    if (*values == nullptr) continue;
    for (const std::string_view value : (*values)->views()) {
      const Contact contact{by_email ? Kind::kEmail : Kind::kPhone,
                            ComparedForm(*spec, value)};
      const Forms& forms = row.FormsOf(key);
      const bool shared =
          std::find(forms.begin(), forms.end(), contact.form) != forms.end();
      if (shared && !list_.Contains(list_.RowId(contact))) return true;
    }
  }
  return Bears(member, FirstName(row));
}

ErasedMembers::Likeness ErasedMembers::Compare(const ParsedRow& row) const {
  Likeness most = Likeness::kNone;
  for (const auto& [key, kind] : {std::pair(MatchKey::kEmail, Kind::kEmail),
                                  std::pair(MatchKey::kPhone, Kind::kPhone)}) {
    for (const std::string& form : row.FormsOf(key)) {
      const Contact contact{kind, form};
      if (!list_.Contains(list_.RowId(contact))) continue;
      most = std::max(most, CompareName(contact, FirstName(row)));
    }
  }
  return most;
}

ErasedMembers::Likeness ErasedMembers::CompareName(const Contact& contact,
                                                   const Words& first) const {
  if (first.empty()) return Likeness::kContact;
  const auto had = [&](std::string_view word) {
    return list_.Contains(list_.RowId(contact, word));
  };
  // Whoever had no name is told apart from nobody.
  const bool person = had("") || std::any_of(first.begin(), first.end(), had);
  return person ? Likeness::kPerson : Likeness::kNone;
}

ErasedMembers::Words ErasedMembers::FirstName(const ParsedRow& row) const {
  Words words;
  for (const FieldSpec* spec : names_) {
    for (const FieldValue& edit : row.edits) {
      if (edit.field == spec->id) AddWords(edit.values, words);
    }
    if (!words.empty()) break;
  }
  return words;
}

absl::StatusOr<bool> ErasedMembers::Bears(Candidate& member,
                                          const Words& name) const {
  Words words;
  for (const FieldSpec* spec : names_) {
    const auto names = member.Value(spec->id);
    if (!names.ok()) return names.status();
    if (*names != nullptr) AddWords(**names, words);
  }
  return std::any_of(name.begin(), name.end(), [&](const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  });
}

}  // namespace sodality::core
