// The column names of other systems' exports. Internal to header_map.cc.
#ifndef SODALITY_CLIENT_ROSTER_ALIASES_H_
#define SODALITY_CLIENT_ROSTER_ALIASES_H_

#include <string>
#include <string_view>
#include <vector>

#include "client/roster/header_map.h"

namespace sodality::roster {

// A column name as names are compared: normalised, without spaces and
// punctuation.
[[nodiscard]] std::string ColumnKey(std::string_view column);

// Which of a person's addresses a column tells of.
inline constexpr int kNoAddressGroup = 0;

struct Alias {
  std::string_view field;
  int rank = 0;  // lower is better, among the aliases of a field
  Reading reading = Reading::kAsIs;
  int group = kNoAddressGroup;  // lower is better
  int part = 0;                 // line of an address
  bool full_name = false;
};

// What a column with this key can fill: several consents, or at most one field.
[[nodiscard]] std::vector<Alias> AliasesOf(std::string_view key);

[[nodiscard]] bool IsAddressField(std::string_view field);

}  // namespace sodality::roster

#endif  // SODALITY_CLIENT_ROSTER_ALIASES_H_
