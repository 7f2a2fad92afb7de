#include "server/core/roster_take.h"

#include <utility>

namespace sodality::core {

absl::StatusOr<std::vector<TakenRow>> RowTaker::Take(
    std::span<const ParsedRow* const> rows, MatchTable& table) const {
  const absl::Status loaded = table.Load(rows);
  if (!loaded.ok()) return loaded;
  std::vector<TakenRow> all;
  for (const ParsedRow* row : rows) {
    const auto taken = TakeRow(*row, table);
    if (!taken.ok()) return taken.status();
    all.push_back(*taken);
  }
  return all;
}

absl::StatusOr<TakenRow> RowTaker::TakeRow(const ParsedRow& row,
                                           MatchTable& table) const {
  const auto erased = erased_.Names(row, table);
  if (!erased.ok()) return erased.status();
  if (*erased) return TakenRow{&row, RowOutcome::kSuppressed};
  const auto match = table.Find(row);
  if (!match.ok()) return match.status();
  if (match->ambiguous) {
    return TakenRow{&row, RowOutcome::kAmbiguous, nullptr, *match->ambiguous};
  }
  if (match->member == nullptr) {
    const auto added = AddMember(row, table);
    if (!added.ok()) return added.status();
    return TakenRow{&row, RowOutcome::kAdded, *added};
  }
  const auto changed = Change(row, *match->member);
  if (!changed.ok()) return changed.status();
  if (!*changed) return TakenRow{&row, RowOutcome::kUnchanged, match->member};
  const absl::Status indexed = table.Reindex(*match->member);
  if (!indexed.ok()) return indexed;
  return TakenRow{&row, RowOutcome::kChanged, match->member};
}

absl::StatusOr<Candidate*> RowTaker::AddMember(const ParsedRow& row,
                                               MatchTable& table) const {
  Member member = Member::New(parts_.random);
  Apply(row.edits, member);
  return table.Add(std::move(member));
}

absl::StatusOr<bool> RowTaker::Change(const ParsedRow& row,
                                      Candidate& member) const {
  bool changed = false;
  for (const FieldValue& edit : row.edits) {
    const auto now = member.Value(edit.field);
    if (!now.ok()) return now.status();
    const bool blank = *now == nullptr;
    if (fill_blanks_ && !blank) continue;
    if (!blank && **now == edit.values) continue;
    const absl::Status set = member.Set(edit.field, edit.values.Clone());
    if (!set.ok()) return set;
    changed = true;
  }
  return changed;
}

}  // namespace sodality::core
