// A streaming reader of RFC 4180 as spreadsheets and membership systems write
// it. Read header_map.h next.
#ifndef SODALITY_CLIENT_ROSTER_CSV_H_
#define SODALITY_CLIENT_ROSTER_CSV_H_

#include <cstddef>
#include <cstdint>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace sodality::roster {

struct CsvLimits {
  std::size_t cell_bytes = std::size_t{64} << 10;
  std::size_t row_bytes = std::size_t{1} << 20;
  std::size_t columns = 512;
};

// Secrets: cells are personal data.
struct CsvRow {
  std::uint64_t row = 0;  // data rows count from 1; blank lines do not count
  std::vector<std::string> cells;  // exactly as many as the header
};

// Reads a header, then row by row; holds one row and one buffer.
//
// Accepts a UTF-8 byte-order mark, LF, CR LF or CR, quoted cells with line
// breaks, and a comma, semicolon or tab between cells, whichever the header has
// most of. A short row is filled up with blanks; blank cells beyond the header
// are dropped.
//
// Errors, all INVALID_ARGUMENT unless said otherwise, name row, line and column
// and never repeat a cell: "not a CSV file: ..." for NUL bytes, UTF-16,
// archives and an empty file; a cell that is not UTF-8; a quoted cell that does
// not end, or goes on after its quote; more cells than the header; anything
// beyond the limits. UNAVAILABLE if the stream fails. After an error the reader
// is spent.
//
// Thread safety: one thread. `input` must outlive the reader.
class CsvReader final {
 public:
  [[nodiscard]] static absl::StatusOr<CsvReader> Open(std::istream& input,
                                                      CsvLimits limits = {});
  CsvReader(CsvReader&&) noexcept;
  CsvReader& operator=(CsvReader&&) noexcept;
  ~CsvReader();

  // The column names, trimmed; one may be empty or occur twice.
  [[nodiscard]] const std::vector<std::string>& header() const;
  [[nodiscard]] char delimiter() const;

  // The next row; nothing at the end of the file.
  [[nodiscard]] absl::StatusOr<std::optional<CsvRow>> Next();

 private:
  class State;
  explicit CsvReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sodality::roster

#endif  // SODALITY_CLIENT_ROSTER_CSV_H_
