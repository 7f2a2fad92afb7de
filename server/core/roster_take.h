// What becomes of each row of a roster: the member that it is, added or
// changed in memory, or why it is passed over. Internal to roster.cc.
#ifndef SODALITY_SERVER_CORE_ROSTER_TAKE_H_
#define SODALITY_SERVER_CORE_ROSTER_TAKE_H_

#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "server/core/chapter.h"
#include "server/core/erased.h"
#include "server/core/roster_match.h"
#include "server/core/roster_row.h"

namespace sodality::core {

enum class RowOutcome { kAdded, kChanged, kUnchanged, kSuppressed, kAmbiguous };

// Borrows the row, and the member from the table.
struct TakenRow {
  const ParsedRow* row = nullptr;
  RowOutcome outcome = RowOutcome::kUnchanged;
  const Candidate* member = nullptr;  // Added, changed or unchanged.
  MatchKey ambiguous = MatchKey::kUnique;
};

// Stores nothing: what it changes are drafts in the table, for RosterWriter.
// Thread safety: safe with a table each. Lifetime: borrows what `parts` does.
class RowTaker final {
 public:
  // `fill_blanks`: a value that a member has already stays.
  RowTaker(const DirectoryParts& parts, bool fill_blanks)
      : parts_(parts),
        erased_(parts.schema, parts.suppressions),
        fill_blanks_(fill_blanks) {}

  // In the order of `rows`, each matched with what those before it have left
  // in the table. Errors: those of Members.
  absl::StatusOr<std::vector<TakenRow>> Take(
      std::span<const ParsedRow* const> rows, MatchTable& table) const;

 private:
  absl::StatusOr<TakenRow> TakeRow(const ParsedRow& row,
                                   MatchTable& table) const;
  absl::StatusOr<Candidate*> AddMember(const ParsedRow& row,
                                       MatchTable& table) const;
  absl::StatusOr<bool> Change(const ParsedRow& row, Candidate& member) const;

  const DirectoryParts parts_;
  const ErasedMembers erased_;
  const bool fill_blanks_;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_ROSTER_TAKE_H_
