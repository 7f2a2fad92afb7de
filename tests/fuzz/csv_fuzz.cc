// Rosters: every row is whole and within the limits, and what we write of it
// reads back as it was.
#include <sstream>
#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "client/roster/csv.h"
#include "client/roster/csv_writer.h"
#include "tests/fuzz/fuzz_input.h"
#include "text/utf8.h"

namespace sodality::roster {
namespace {

using fuzz::Require;
using Rows = std::vector<std::vector<std::string>>;

constexpr CsvLimits kLimits = {
    .cell_bytes = 1000, .row_bytes = 3000, .columns = 20};

void CheckRow(const CsvRow& row, size_t columns) {
  size_t bytes = 0;
  Require(row.cells.size() == columns, "as many cells as the header");
  for (const std::string& cell : row.cells) {
    Require(cell.size() <= kLimits.cell_bytes, "a cell keeps its limit");
    Require(text::IsValidUtf8(cell), "a cell is UTF-8");
    bytes += cell.size();
  }
  Require(bytes <= kLimits.row_bytes, "a row keeps its limit");
}

// An error names its place, a header's name included, and nothing else of the
// file.
void CheckRefusal(const absl::Status& status, const CsvReader& reader) {
  Require(absl::IsInvalidArgument(status), "a refusal is INVALID_ARGUMENT");
  for (const std::string& name : reader.header()) {
    if (name.size() > 20 || !absl::c_all_of(name, absl::ascii_isprint)) return;
  }
  fuzz::RequireRefusal(status, {absl::StatusCode::kInvalidArgument});
}

// The rows up to the first error.
Rows Read(CsvReader& reader) {
  Rows rows;
  while (true) {
    auto row = reader.Next();
    if (!row.ok()) CheckRefusal(row.status(), reader);
    if (!row.ok() || !row->has_value()) return rows;
    CheckRow(**row, reader.header().size());
    Require((*row)->row == rows.size() + 1, "rows are counted");
    rows.push_back(std::move((*row)->cells));
  }
}

// The reader turns CR LF inside a cell into LF.
Rows WithEvenBreaks(Rows rows) {
  for (auto& row : rows) {
    for (std::string& cell : row) absl::StrReplaceAll({{"\r\n", "\n"}}, &cell);
  }
  return rows;
}

void RoundTrip(const Rows& rows, size_t columns) {
  std::vector<std::string> header;
  for (size_t i = 0; i < columns; ++i) {
    header.push_back("c" + std::to_string(i));
  }
  std::string text = CsvLine(header, Formulas::kRaw);
  for (const auto& row : rows) text += CsvLine(row, Formulas::kRaw);
  std::istringstream input(text);
  auto reader = CsvReader::Open(input);
  Require(reader.ok(), "what was written opens");
  Require(Read(*reader) == WithEvenBreaks(rows), "what was written reads back");
}

}  // namespace
}  // namespace sodality::roster

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace roster = sodality::roster;
  std::istringstream input(std::string(data, data + size));
  auto reader = roster::CsvReader::Open(input, roster::kLimits);
  if (!reader.ok()) {
    sodality::fuzz::RequireRefusal(reader.status(),
                                   {absl::StatusCode::kInvalidArgument});
    return 0;
  }
  const size_t columns = reader->header().size();
  const auto rows = roster::Read(*reader);
  roster::RoundTrip(rows, columns);
  return 0;
}
