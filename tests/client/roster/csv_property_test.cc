#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <sstream>

#include "absl/status/status.h"
#include "client/roster/csv.h"
#include "client/roster/csv_writer.h"
#include "text/utf8.h"

namespace sodality::roster {
namespace {

using Cells = std::vector<std::string>;

// Cells of the characters that matter to CSV.
rc::Gen<std::string> Cell() {
  const auto character = rc::gen::elementOf(
      std::vector<std::string>{"a", "b", ",", ";", "\t", "\"", "\n", " ", "'",
                               "=", "+", "-", "@", "é", "毛"});
  return rc::gen::map(
      rc::gen::resize(8,
                      rc::gen::container<std::vector<std::string>>(character)),
      [](const std::vector<std::string>& characters) {
        std::string cell;
        for (const std::string& c : characters) cell += c;
        return cell;
      });
}

std::string Line(const Cells& cells) { return CsvLine(cells, Formulas::kRaw); }

RC_GTEST_PROP(CsvPropertyTest, ReadsWhatTheWriterWrites, ()) {
  const auto width = *rc::gen::inRange<std::size_t>(1, 5);
  const auto rows = *rc::gen::container<std::vector<Cells>>(
      rc::gen::container<Cells>(width, Cell()));
  std::string text = Line(Cells(width, "h"));
  std::vector<Cells> expected;
  for (const Cells& cells : rows) {
    text += Line(cells);
    std::string all;
    for (const std::string& cell : cells) all += cell;
    if (all.find_first_not_of(" \t\n") != std::string::npos) {
      expected.push_back(cells);
    }
  }
  std::istringstream input(text);
  absl::StatusOr<CsvReader> reader = CsvReader::Open(input);
  RC_ASSERT(reader.ok());
  for (const Cells& cells : expected) {
    const auto row = reader->Next();
    RC_ASSERT(row.ok());
    RC_ASSERT(row->has_value());
    RC_ASSERT((*row)->cells == cells);
  }
  RC_ASSERT(!reader->Next()->has_value());
}

RC_GTEST_PROP(CsvPropertyTest, AnyBytesAreReadOrRefused, ()) {
  const auto bytes = *rc::gen::oneOf(
      rc::gen::container<std::string>(rc::gen::arbitrary<char>()),
      rc::gen::container<std::string>(
          rc::gen::elementOf(std::string("ab,;\t\"\r\n \xFF\xC3"))));
  std::istringstream input(bytes);
  const CsvLimits limits{.cell_bytes = 16, .row_bytes = 48, .columns = 6};
  absl::StatusOr<CsvReader> reader = CsvReader::Open(input, limits);
  absl::Status status = reader.status();
  while (status.ok()) {
    const auto row = reader->Next();
    status = row.status();
    if (!status.ok() || !row->has_value()) break;
    RC_ASSERT((*row)->cells.size() == reader->header().size());
    for (const std::string& cell : (*row)->cells) {
      RC_ASSERT(text::IsValidUtf8(cell));
      RC_ASSERT(cell.size() <= limits.cell_bytes);
    }
  }
  RC_ASSERT(status.ok() || absl::IsInvalidArgument(status));
  RC_ASSERT(text::IsValidUtf8(
      std::string_view(status.message().data(), status.message().size())));
}

RC_GTEST_PROP(CsvPropertyTest, NeutralisedCellsNeverStartAFormula, ()) {
  const std::string value = *Cell();
  std::string cell = CsvCell(value);
  if (cell.starts_with('"')) cell.erase(0, 1);
  const bool starts =
      !cell.empty() && std::string("=@\t\r").find(cell[0]) != std::string::npos;
  RC_ASSERT(!starts);
}

}  // namespace
}  // namespace sodality::roster
