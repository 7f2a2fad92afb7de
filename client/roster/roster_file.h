// A CSV file as the rows that Client::PushRoster pulls.
#ifndef SODALITY_CLIENT_ROSTER_ROSTER_FILE_H_
#define SODALITY_CLIENT_ROSTER_ROSTER_FILE_H_

#include <cstddef>
#include <cstdint>
#include <istream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/include/sodality/connection.h"
#include "client/roster/csv.h"
#include "client/roster/field_catalogue.h"
#include "client/roster/header_map.h"
#include "client/roster/map_file.h"

namespace sodality::roster {

// Batches end at either of these.
inline constexpr std::size_t kBatchRows = 500;
inline constexpr std::size_t kBatchBytes = std::size_t{1} << 20;

// Thread safety: one thread. `input` must outlive it. To know that a whole file
// is readable before any of it is sent, Count it with another one before.
class RosterFile final : public RosterRows {
 public:
  // Reads the header. Errors: CsvReader::Open, MapHeader.
  [[nodiscard]] static absl::StatusOr<RosterFile> Open(
      std::istream& input, const FieldCatalogue& catalogue,
      const MapFile& map = {});

  // Errors: CsvReader::Next.
  absl::StatusOr<std::vector<RosterRow>> Next() override;
  // Reads to the end without making anything of it; answers rows(). Errors:
  // CsvReader::Next.
  absl::StatusOr<std::uint64_t> Count();

  // Columns that nothing reads, in file order.
  [[nodiscard]] const std::vector<std::string>& unmapped() const {
    return map_.unmapped;
  }
  [[nodiscard]] const HeaderMap& header_map() const { return map_; }
  // Data rows read so far.
  [[nodiscard]] std::uint64_t rows() const { return rows_; }

 private:
  RosterFile(CsvReader reader, HeaderMap map);

  CsvReader reader_;
  HeaderMap map_;
  std::uint64_t rows_ = 0;
};

}  // namespace sodality::roster

#endif  // SODALITY_CLIENT_ROSTER_ROSTER_FILE_H_
