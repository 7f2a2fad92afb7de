#include "server/core/search_index.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "text/normalise.h"

namespace sodality::core {
namespace {

uint16_t SlotOf(uint16_t field, SlotKind kind) {
  return static_cast<uint16_t>(field * 4 + static_cast<uint16_t>(kind));
}

SlotKind KindOf(const text::Term& term) {
  return term.kind == text::TermKind::kWord ? SlotKind::kWord
                                            : SlotKind::kPrefix;
}

bool HasExactTokens(const FieldSpec& spec) {
  return spec.indexed && spec.type != FieldType::kName;
}

// Words and tags are shared by many members, other values by few.
bool IsShared(const FieldSpec& spec) {
  return spec.type == FieldType::kName || spec.type == FieldType::kTag;
}

std::vector<crypto::SlotPlan> PlanSlots(const Schema& schema,
                                        const crypto::IndexParameters& index) {
  std::vector<crypto::SlotPlan> slots;
  for (const FieldSpec& spec : schema.fields()) {
    if (spec.type == FieldType::kName) {
      slots.push_back({SlotOf(spec.id, SlotKind::kWord), index.word_bits});
      slots.push_back({SlotOf(spec.id, SlotKind::kPrefix), index.word_bits});
    } else if (spec.indexed) {
      const bool tag = spec.type == FieldType::kTag;
      slots.push_back({SlotOf(spec.id, SlotKind::kExact),
                       tag ? index.word_bits : index.exact_bits});
    }
  }
  return slots;
}

absl::StatusOr<crypto::TokenDeriver> MakeDeriver(const Schema& schema,
                                                 const crypto::Keyring& keyring,
                                                 uint32_t version) {
  const auto key = keyring.Find<crypto::IndexKey>(version);
  if (!key.ok()) return key.status();
  const auto info = keyring.Info(crypto::KeyKind::kIndex, version);
  if (!info.ok()) return info.status();
  if (!info->index ||
      info->index->normaliser_version != text::kNormaliserVersion) {
    return absl::FailedPreconditionError(
        absl::StrCat("index key version ", version,
                     " was planned for another normaliser than this "
                     "server's"));
  }
  return crypto::TokenDeriver::Create(**key, static_cast<uint16_t>(version),
                                      PlanSlots(schema, *info->index));
}

// A name field has one or two words and some four prefixes of each.
constexpr uint32_t kWordsPerMember = 4;

// Of fewer both bounds cannot be held, and each who joins would break one.
constexpr uint64_t kFewestMembers = 32;

crypto::TokenLoad ExactLoad(uint64_t members) {
  return {crypto::TokenKind::kExact, std::max(members, kFewestMembers), 1};
}
crypto::TokenLoad WordLoad(uint64_t members) {
  return {crypto::TokenKind::kWord, std::max(members, kFewestMembers),
          kWordsPerMember};
}

absl::Status Append(const crypto::TokenDeriver& deriver, uint16_t slot,
                    std::string_view normalised, Tokens& tokens) {
  const auto token = deriver.Derive(slot, normalised);
  if (!token.ok()) return token.status();
  tokens.push_back({token->index_version, token->slot, token->bits});
  return absl::OkStatus();
}

absl::Status AppendValue(const crypto::TokenDeriver& deriver,
                         const FieldSpec& spec, std::string_view value,
                         Tokens& tokens) {
  if (spec.type != FieldType::kName) {
    return Append(deriver, SlotOf(spec.id, SlotKind::kExact),
                  ComparedForm(spec, value), tokens);
  }
  for (const text::Term& term : text::IndexTerms(value)) {
    const absl::Status appended =
        Append(deriver, SlotOf(spec.id, KindOf(term)), term.text, tokens);
    if (!appended.ok()) return appended;
  }
  return absl::OkStatus();
}

Tokens Sorted(Tokens tokens) {
  std::sort(tokens.begin(), tokens.end());
  tokens.erase(std::unique(tokens.begin(), tokens.end()), tokens.end());
  return tokens;
}

}  // namespace

crypto::IndexParameters PlanIndex(uint64_t members) {
  return {.normaliser_version = text::kNormaliserVersion,
          .exact_bits = crypto::PlanTokenBits(ExactLoad(members)),
          .word_bits = crypto::PlanTokenBits(WordLoad(members))};
}

bool IsOutgrown(const crypto::IndexParameters& index, uint64_t members) {
  return crypto::IsOutgrown(ExactLoad(members), index.exact_bits) ||
         crypto::IsOutgrown(WordLoad(members), index.word_bits);
}

absl::StatusOr<SearchIndex> SearchIndex::Create(const Schema& schema,
                                                const crypto::Keyring& keyring,
                                                const IndexVersions& versions) {
  std::vector<crypto::TokenDeriver> derivers;
  auto written = MakeDeriver(schema, keyring, versions.written);
  if (!written.ok()) return written.status();
  derivers.push_back(*std::move(written));
  if (versions.other) {
    auto other = MakeDeriver(schema, keyring, *versions.other);
    if (!other.ok()) return other.status();
    derivers.push_back(*std::move(other));
  }
  return SearchIndex(schema, versions, std::move(derivers));
}

absl::StatusOr<SearchIndex> SearchIndex::Create(
    const Schema& schema, const crypto::Keyring& keyring) {
  const auto active = keyring.Active<crypto::IndexKey>();
  if (!active.ok()) return active.status();
  return Create(schema, keyring, {active->version, std::nullopt});
}

absl::StatusOr<Tokens> SearchIndex::TokensOf(std::span<const FieldValue> fields,
                                             TokenMemo* memo) const {
  Tokens tokens;
  for (const FieldValue& field : fields) {
    const FieldSpec* spec = schema_->Find(field.field);
    if (spec == nullptr || !spec->indexed) continue;
    for (const std::string_view value : field.values.views()) {
      const auto some = OfValue(*spec, value, memo);
      if (!some.ok()) return some.status();
      tokens.insert(tokens.end(), some->begin(), some->end());
    }
  }
  return Sorted(std::move(tokens));
}

absl::StatusOr<Tokens> SearchIndex::OfValue(const FieldSpec& spec,
                                            std::string_view value,
                                            TokenMemo* memo) const {
  Tokens tokens;
  const auto append = [&] {
    return AppendValue(derivers_.front(), spec, value, tokens);
  };
  if (memo == nullptr || !IsShared(spec)) {
    if (auto s = append(); !s.ok()) return s;
    return tokens;
  }
  if (memo->index_version_ != derivers_.front().index_version()) {
    memo->index_version_ = derivers_.front().index_version();
    memo->known_.clear();
  }
  const auto name = memo->NameOf(spec, value);
  const auto known = memo->known_.find(name);
  if (known != memo->known_.end()) return known->second;
  if (auto s = append(); !s.ok()) return s;
  if (memo->known_.size() < TokenMemo::kMostNames) {
    memo->known_.emplace(name, tokens);
  }
  return tokens;
}

TokenMemo::Name TokenMemo::NameOf(const FieldSpec& spec,
                                  std::string_view value) const {
  return crypto::KeyedHash16(key_,
                             crypto::AssociatedData("sodality/token memo/1")
                                 .AddU16(spec.id)
                                 .AddText(value));
}

absl::StatusOr<Tokens> SearchIndex::Exact(
    const FieldSpec& spec, std::string_view compared_form) const {
  Tokens tokens;
  if (!HasExactTokens(spec)) return tokens;
  for (const crypto::TokenDeriver& deriver : derivers_) {
    const absl::Status appended = Append(
        deriver, SlotOf(spec.id, SlotKind::kExact), compared_form, tokens);
    if (!appended.ok()) return appended;
  }
  return tokens;
}

std::vector<store::IndexSlot> SearchIndex::ExactSlots(
    const FieldSpec& spec) const {
  std::vector<store::IndexSlot> slots;
  if (!HasExactTokens(spec)) return slots;
  for (const crypto::TokenDeriver& deriver : derivers_) {
    slots.push_back(
        {deriver.index_version(), SlotOf(spec.id, SlotKind::kExact)});
  }
  return slots;
}

absl::StatusOr<Tokens> SearchIndex::NameTerm(
    std::span<const FieldSpec* const> fields, const text::Term& term) const {
  Tokens tokens;
  for (const crypto::TokenDeriver& deriver : derivers_) {
    for (const FieldSpec* spec : fields) {
      const absl::Status appended =
          Append(deriver, SlotOf(spec->id, KindOf(term)), term.text, tokens);
      if (!appended.ok()) return appended;
    }
  }
  return tokens;
}

}  // namespace sodality::core
