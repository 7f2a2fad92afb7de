// Rows as RFC 4180 cells that a spreadsheet shows and does not run.
#ifndef SODALITY_CLIENT_ROSTER_CSV_WRITER_H_
#define SODALITY_CLIENT_ROSTER_CSV_WRITER_H_

#include <span>
#include <string>
#include <string_view>

namespace sodality::roster {

enum class Formulas {
  kNeutralised,  // a cell that a spreadsheet would run gets a ' in front
  kRaw,
};

// One cell, quoted where it has to be. Neutralised are cells that begin with
// = + - @, a tab or a carriage return, except plain numbers (+12125550123).
[[nodiscard]] std::string CsvCell(std::string_view value,
                                  Formulas formulas = Formulas::kNeutralised);

// The cells with commas between and CR LF behind.
[[nodiscard]] std::string CsvLine(std::span<const std::string> cells,
                                  Formulas formulas = Formulas::kNeutralised);

}  // namespace sodality::roster

#endif  // SODALITY_CLIENT_ROSTER_CSV_WRITER_H_
