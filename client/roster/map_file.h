// `--map FILE`: what the columns of a roster mean where their names do not say.
//
//   ignore = ["caucus", "website"]
//   [columns]
//   "Zip" = "postal_code"
//   "Committee list" = { field = "committees", split = "|" }
//   "Opted out of calls" = { field = "consent_call", refusal = true }
#ifndef SODALITY_CLIENT_ROSTER_MAP_FILE_H_
#define SODALITY_CLIENT_ROSTER_MAP_FILE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace sodality::roster {

inline constexpr std::size_t kMaxMapFileBytes = std::size_t{256} << 10;

struct ColumnRule {
  std::string column;
  std::string field;
  char split = ';';      // between the elements of a list
  bool refusal = false;  // "yes" means that consent is refused
  std::uint32_t line = 0;
};

struct IgnoredColumn {
  std::string column;
  std::uint32_t line = 0;
};

struct MapFile {
  std::vector<ColumnRule> columns;
  std::vector<IgnoredColumn> ignored;
};

// Reads a map. INVALID_ARGUMENT, naming the line: not TOML, a character beyond
// ASCII outside quotes and comments, an unknown key, a value of the wrong type,
// a separator of more than one character, or a column named twice; and without
// a line, not UTF-8 or larger than kMaxMapFileBytes.
[[nodiscard]] absl::StatusOr<MapFile> ParseMapFile(std::string_view toml);

}  // namespace sodality::roster

#endif  // SODALITY_CLIENT_ROSTER_MAP_FILE_H_
