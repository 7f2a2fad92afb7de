// Which column fills which field. The aliases known are in aliases.cc: exports
// of Action Network, NationBuilder, CiviCRM, Google Contacts, Solidarity Tech
// and DSA's national list.
#ifndef SODALITY_CLIENT_ROSTER_HEADER_MAP_H_
#define SODALITY_CLIENT_ROSTER_HEADER_MAP_H_

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/roster/field_catalogue.h"
#include "client/roster/map_file.h"

namespace sodality::roster {

// How a cell becomes a value.
enum class Reading {
  kAsIs,
  kRefusal,       // yes -> no; no says nothing, for it is no consent
  kSubscription,  // subscribed -> yes, unsubscribed -> no, else nothing
  kBirthday,      // one without a year (--05-06) says nothing
};

struct ColumnUse {
  std::size_t column = 0;  // index into the header
  Reading reading = Reading::kAsIs;
  char split = ';';
};

// What several columns of one field come to in a row.
enum class Combination {
  kFirst,      // the first that is not blank
  kJoined,     // all, with ", " between (lines of an address)
  kAll,        // every element of every column (lists)
  kNoPrevails  // a refusal if there is one, else the first (consents)
};

struct FieldPlan {
  std::string field;
  std::vector<ColumnUse> columns;  // best first
  Combination combination = Combination::kFirst;
};

struct HeaderMap {
  std::vector<FieldPlan> fields;      // sorted by field
  std::vector<std::string> unmapped;  // columns nobody reads, in file order
};

// Names are compared without regard to case, spaces and punctuation. In order
// of priority a column is what the map says; the field it is named after; an
// alias. Then:
// - A field that the map names takes nothing from columns it does not name.
// - Several columns for one field are combined as above, better aliases first
//   (mobile before home before work telephone).
// - external_id is read from the best column alone: two systems' numbers must
//   not mix. Addresses likewise come from one group (primary, mailing, home,
//   work, billing), together with columns that name no group.
// - A full name is read, into given_name, only if nothing else gives a name.
//
// INVALID_ARGUMENT if the map names a column that the header lacks or a field
// that the catalogue lacks (with the map's line), or nothing maps at all.
[[nodiscard]] absl::StatusOr<HeaderMap> MapHeader(
    std::span<const std::string> header, const FieldCatalogue& catalogue,
    const MapFile& map);

}  // namespace sodality::roster

#endif  // SODALITY_CLIENT_ROSTER_HEADER_MAP_H_
