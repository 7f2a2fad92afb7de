#include "client/roster/csv_writer.h"

namespace sodality::roster {
namespace {

bool IsPlainNumber(std::string_view value) {
  const std::string_view digits = value.substr(1);
  return (value[0] == '+' || value[0] == '-') && !digits.empty() &&
         digits.find_first_not_of("0123456789") == std::string_view::npos;
}

bool RunsAsFormula(std::string_view value) {
  constexpr std::string_view kStarts = "=+-@\t\r";
  return !value.empty() && kStarts.find(value[0]) != std::string_view::npos &&
         !IsPlainNumber(value);
}

bool NeedsQuotes(std::string_view value) {
  return value.find_first_of(",\"\r\n") != std::string_view::npos ||
         value.starts_with(' ') || value.ends_with(' ');
}

}  // namespace

std::string CsvCell(std::string_view value, Formulas formulas) {
  std::string cell;
  if (formulas == Formulas::kNeutralised && RunsAsFormula(value)) cell = "'";
  cell += value;
  if (!NeedsQuotes(cell)) return cell;
  std::string quoted = "\"";
  for (const char c : cell) quoted.append(c == '"' ? 2 : 1, c);
  return quoted.append("\"");
}

std::string CsvLine(std::span<const std::string> cells, Formulas formulas) {
  std::string line;
  for (const std::string& cell : cells) {
    if (&cell != cells.data()) line.push_back(',');
    line += CsvCell(cell, formulas);
  }
  return line.append("\r\n");
}

}  // namespace sodality::roster
