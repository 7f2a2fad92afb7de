#include "client/roster/header_map.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "client/roster/aliases.h"

namespace sodality::roster {
namespace {

constexpr int kRankOfMap = -2;
constexpr int kRankOfName = -1;

// A column that could fill a field.
struct Candidate {
  std::string field;
  ColumnUse use;
  int rank = 0;
  int group = kNoAddressGroup;
  int part = 0;
  bool full_name = false;
};

using Candidates = std::vector<Candidate>;

auto Goodness(const Candidate& candidate) {
  return std::tuple(candidate.part, candidate.rank, candidate.use.column);
}

bool IsConsent(std::string_view field) { return field.starts_with("consent_"); }

Reading ReadingOf(std::string_view field) {
  return field == "birthday" ? Reading::kBirthday : Reading::kAsIs;
}

// The rules of a map by the key of their column.
class Rules final {
 public:
  explicit Rules(const MapFile& map) {
    for (const ColumnRule& rule : map.columns) {
      rules_[ColumnKey(rule.column)] = &rule;
      fields_.insert(rule.field);
    }
    for (const IgnoredColumn& ignored : map.ignored) {
      ignored_.insert(ColumnKey(ignored.column));
    }
  }

  const ColumnRule* Find(const std::string& key) const {
    const auto found = rules_.find(key);
    return found == rules_.end() ? nullptr : found->second;
  }
  bool Ignores(const std::string& key) const { return ignored_.contains(key); }
  bool NamesField(const std::string& field) const {
    return fields_.contains(field);
  }

 private:
  std::map<std::string, const ColumnRule*> rules_;
  std::set<std::string> fields_;
  std::set<std::string> ignored_;
};

Candidate Mapped(const ColumnRule& rule, std::size_t column) {
  Reading reading = ReadingOf(rule.field);
  if (rule.refusal) reading = Reading::kRefusal;
  return {.field = rule.field,
          .use = {column, reading, rule.split},
          .rank = kRankOfMap};
}

Candidate Named(const std::string& field, std::size_t column) {
  return {
      .field = field, .use = {column, ReadingOf(field)}, .rank = kRankOfName};
}

Candidate Aliased(const Alias& alias, std::size_t column) {
  const Reading reading =
      alias.reading == Reading::kAsIs ? ReadingOf(alias.field) : alias.reading;
  return {.field = std::string(alias.field),
          .use = {column, reading},
          .rank = alias.rank,
          .group = alias.group,
          .part = alias.part,
          .full_name = alias.full_name};
}

// The fields of a catalogue by the key of their name.
std::map<std::string, std::string> FieldsByKey(
    const FieldCatalogue& catalogue) {
  std::map<std::string, std::string> fields;
  for (const auto& [field, is_list] : catalogue.fields()) {
    fields[ColumnKey(field)] = field;
  }
  return fields;
}

class Mapper final {
 public:
  Mapper(std::span<const std::string> header, const FieldCatalogue& catalogue,
         const MapFile& map)
      : header_(header),
        catalogue_(catalogue),
        rules_(map),
        by_key_(FieldsByKey(catalogue)) {
    for (std::size_t i = 0; i < header.size(); ++i) AddColumn(i);
  }

  HeaderMap Map() {
    DropAliasesOfMappedFields();
    DropFullNames();
    DropOtherSystemsIds();
    DropOtherAddresses();
    return {Plans(), Unmapped()};
  }

 private:
  void AddColumn(std::size_t column) {
    const std::string key = ColumnKey(header_[column]);
    if (key.empty() || rules_.Ignores(key)) return;
    if (const ColumnRule* const rule = rules_.Find(key)) {
      candidates_.push_back(Mapped(*rule, column));
      return;
    }
    if (const auto named = by_key_.find(key); named != by_key_.end()) {
      candidates_.push_back(Named(named->second, column));
      return;
    }
    for (const Alias& alias : AliasesOf(key)) {
      if (!catalogue_.Has(alias.field)) continue;
      candidates_.push_back(Aliased(alias, column));
    }
  }

  template <typename Condition>
  void Drop(Condition condition) {
    std::erase_if(candidates_, condition);
  }

  void DropAliasesOfMappedFields() {
    Drop([&](const Candidate& candidate) {
      return candidate.rank != kRankOfMap && rules_.NamesField(candidate.field);
    });
  }

  void DropFullNames() {
    const bool named = std::any_of(
        candidates_.begin(), candidates_.end(), [](const Candidate& candidate) {
          return !candidate.full_name && (candidate.field == "given_name" ||
                                          candidate.field == "family_name");
        });
    const Candidate* const best = Best("given_name");
    const std::size_t column = best == nullptr ? 0 : best->use.column;
    Drop([&](const Candidate& candidate) {
      return candidate.full_name && (named || candidate.use.column != column);
    });
  }

  void DropOtherSystemsIds() {
    const Candidate* const best = Best("external_id");
    if (best == nullptr) return;
    const std::size_t column = best->use.column;
    Drop([&](const Candidate& candidate) {
      return candidate.field == "external_id" && candidate.use.column != column;
    });
  }

  void DropOtherAddresses() {
    int best = kNoAddressGroup;
    for (const Candidate& candidate : candidates_) {
      if (candidate.group == kNoAddressGroup) continue;
      if (best == kNoAddressGroup || candidate.group < best) {
        best = candidate.group;
      }
    }
    Drop([&](const Candidate& candidate) {
      return candidate.group != kNoAddressGroup && candidate.group != best;
    });
    // What names no group gives way to the same part of the group.
    const Candidates all = candidates_;
    Drop([&](const Candidate& candidate) {
      return IsAddressField(candidate.field) && IsOutdone(candidate, all);
    });
  }

  static bool IsOutdone(const Candidate& candidate, const Candidates& all) {
    if (candidate.rank == kRankOfMap) return false;
    return std::any_of(all.begin(), all.end(), [&](const Candidate& other) {
      const bool same_part =
          other.field == candidate.field && other.part == candidate.part;
      return same_part && AddressGoodness(other) < AddressGoodness(candidate);
    });
  }

  static std::tuple<bool, int, std::size_t> AddressGoodness(
      const Candidate& candidate) {
    return {candidate.group == kNoAddressGroup, candidate.rank,
            candidate.use.column};
  }

  const Candidate* Best(std::string_view field) const {
    const Candidate* best = nullptr;
    for (const Candidate& candidate : candidates_) {
      if (candidate.field != field) continue;
      if (best == nullptr || Goodness(candidate) < Goodness(*best)) {
        best = &candidate;
      }
    }
    return best;
  }

  std::vector<FieldPlan> Plans() {
    std::stable_sort(candidates_.begin(), candidates_.end(),
                     [](const Candidate& a, const Candidate& b) {
                       return Goodness(a) < Goodness(b);
                     });
    std::map<std::string, FieldPlan> plans;
    for (const Candidate& candidate : candidates_) {
      FieldPlan& plan = plans[candidate.field];
      plan.field = candidate.field;
      plan.combination = CombinationOf(candidate.field);
      plan.columns.push_back(candidate.use);
    }
    std::vector<FieldPlan> sorted;
    for (auto& [field, plan] : plans) sorted.push_back(std::move(plan));
    return sorted;
  }

  Combination CombinationOf(const std::string& field) const {
    if (catalogue_.IsList(field)) return Combination::kAll;
    if (field == "street") return Combination::kJoined;
    return IsConsent(field) ? Combination::kNoPrevails : Combination::kFirst;
  }

  std::vector<std::string> Unmapped() const {
    std::set<std::size_t> used;
    for (const Candidate& candidate : candidates_) {
      used.insert(candidate.use.column);
    }
    std::vector<std::string> unmapped;
    for (std::size_t i = 0; i < header_.size(); ++i) {
      if (used.contains(i) || rules_.Ignores(ColumnKey(header_[i]))) continue;
      unmapped.push_back(header_[i].empty() ? absl::StrCat("column ", i + 1)
                                            : header_[i]);
    }
    return unmapped;
  }

  std::span<const std::string> header_;
  const FieldCatalogue& catalogue_;
  Rules rules_;
  std::map<std::string, std::string> by_key_;
  Candidates candidates_;
};

absl::Status CheckMap(const MapFile& map, std::span<const std::string> header,
                      const FieldCatalogue& catalogue) {
  std::set<std::string> keys;
  for (const std::string& column : header) keys.insert(ColumnKey(column));
  for (const ColumnRule& rule : map.columns) {
    const std::string place = absl::StrCat("map, line ", rule.line, ": ");
    if (!catalogue.Has(rule.field)) {
      return absl::InvalidArgumentError(
          absl::StrCat(place, "there is no field \"", rule.field, "\""));
    }
    if (!keys.contains(ColumnKey(rule.column))) {
      return absl::InvalidArgumentError(
          absl::StrCat(place, "the file has no column \"", rule.column, "\""));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<HeaderMap> MapHeader(std::span<const std::string> header,
                                    const FieldCatalogue& catalogue,
                                    const MapFile& map) {
  const absl::Status checked = CheckMap(map, header, catalogue);
  if (!checked.ok()) return checked;
  HeaderMap mapped = Mapper(header, catalogue, map).Map();
  if (mapped.fields.empty()) {
    return absl::InvalidArgumentError(
        "no column has the name of a field; a header or a --map is needed");
  }
  return mapped;
}

}  // namespace sodality::roster
