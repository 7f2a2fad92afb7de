// One row of a roster, checked and canonical. Internal to roster.cc.
#ifndef SODALITY_SERVER_CORE_ROSTER_ROW_H_
#define SODALITY_SERVER_CORE_ROSTER_ROW_H_

#include <array>
#include <string>
#include <vector>

#include "server/core/edits.h"
#include "server/core/roster.h"
#include "server/core/schema.h"
#include "text/phone.h"

namespace sodality::core {

// By what a row and a member are found to be the same, strongest first.
enum class MatchKey : uint8_t { kUnique = 0, kEmail = 1, kPhone = 2 };
inline constexpr std::array kMatchKeys = {MatchKey::kUnique, MatchKey::kEmail,
                                          MatchKey::kPhone};

// The schema's fields of that kind.
std::vector<const FieldSpec*> FieldsFor(const Schema& schema, MatchKey key);

// Values of one kind in the form in which they are compared. Not wiped: they
// live for one batch.
using Forms = std::vector<std::string>;

struct ParsedRow {
  uint64_t row = 0;
  Edits edits;  // Present cells only; none of them clears.
  std::array<Forms, kMatchKeys.size()> forms;  // By MatchKey.

  const Forms& FormsOf(MatchKey key) const {
    return forms[static_cast<size_t>(key)];
  }
};

struct ParsedBatch {
  std::vector<ParsedRow> rows;
  std::vector<RosterRowError> errors;
  uint64_t invalid_rows = 0;
};

void Append(ParsedBatch more, ParsedBatch& batch);

// A row with an error is not among the rows; each of its bad cells is named.
ParsedBatch ParseRows(const Schema& schema, const text::Country& country,
                      const std::vector<RosterRow>& rows);

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_ROSTER_ROW_H_
