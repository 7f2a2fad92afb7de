// Turns a row of cells into fields with values. The server validates them.
#ifndef SODALITY_CLIENT_ROSTER_ROW_BUILDER_H_
#define SODALITY_CLIENT_ROSTER_ROW_BUILDER_H_

#include "client/include/sodality/types.h"
#include "client/roster/csv.h"
#include "client/roster/header_map.h"

namespace sodality::roster {

// The fields of `row` that have a value, in the map's order. Cells are
// trimmed; lists are split and lose blanks and repetitions; of Google's
// "a ::: b" a single-valued field takes the first.
[[nodiscard]] RosterRow BuildRow(const HeaderMap& map, const CsvRow& row);

}  // namespace sodality::roster

#endif  // SODALITY_CLIENT_ROSTER_ROW_BUILDER_H_
