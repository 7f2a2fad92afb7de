#include "client/cli/table.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "crypto/pki/identity.h"
#include "text/utf8.h"

namespace sodality::cli {
namespace {

constexpr std::string_view kGap = "  ";
// A column is not shortened below this; ids are of no use when shortened.
constexpr std::size_t kNarrowest = 8;
constexpr std::string_view kIds = "ID";

// Columns of ids: "ID", "EXTERNAL ID".
bool HoldsIds(const std::string& heading) {
  return heading == kIds || heading.ends_with(" " + std::string(kIds));
}

std::string Pad(const std::string& cell, std::size_t width) {
  const std::size_t used = text::DisplayWidth(cell);
  return cell + std::string(width > used ? width - used : 0, ' ');
}

std::size_t Total(const std::vector<std::size_t>& widths) {
  std::size_t total = 0;
  for (const std::size_t width : widths) {
    if (width > 0) total += width + (total > 0 ? kGap.size() : 0);
  }
  return total;
}

}  // namespace

Table::Table(std::vector<std::string> header) {
  rows_.push_back(std::move(header));
}

void Table::Add(std::vector<std::string> cells) {
  for (std::string& cell : cells) cell = text::Printable(cell);
  cells.resize(rows_[0].size());
  rows_.push_back(std::move(cells));
}

std::vector<std::size_t> Table::Widths() const {
  std::vector<std::size_t> widths(rows_[0].size(), 0);
  for (std::size_t column = 0; column < widths.size(); ++column) {
    for (std::size_t row = 1; row < rows_.size(); ++row) {
      widths[column] =
          std::max(widths[column], text::DisplayWidth(rows_[row][column]));
    }
    if (widths[column] > 0) {
      widths[column] =
          std::max(widths[column], text::DisplayWidth(rows_[0][column]));
    }
  }
  return widths;
}

std::size_t Table::Narrowest(std::size_t column) const {
  std::size_t narrowest = kNarrowest;
  for (std::size_t row = 1; row < rows_.size(); ++row) {
    const std::string& cell = rows_[row][column];
    if (!HoldsIds(rows_[0][column]) && !pki::IsId(cell)) continue;
    narrowest = std::max(narrowest, text::DisplayWidth(cell));
  }
  return narrowest;
}

// The widest gives first, as long as one has anything to give.
std::vector<std::size_t> Table::Fitted(std::vector<std::size_t> widths,
                                       std::size_t max_columns) const {
  std::vector<std::size_t> narrowest;
  for (std::size_t column = 0; column < widths.size(); ++column) {
    narrowest.push_back(Narrowest(column));
  }
  while (Total(widths) > max_columns) {
    std::optional<std::size_t> widest;
    for (std::size_t column = 0; column < widths.size(); ++column) {
      if (widths[column] <= narrowest[column]) continue;
      if (!widest || widths[column] > widths[*widest]) widest = column;
    }
    if (!widest) break;
    const std::size_t width = widths[*widest];
    const std::size_t surplus = Total(widths) - max_columns;
    widths[*widest] =
        std::max(narrowest[*widest], width - std::min(surplus, width / 4 + 1));
  }
  return widths;
}

std::string Table::Render(const TableStyle& style) const {
  std::vector<std::size_t> widths = Widths();
  if (style.max_columns > 0) {
    widths = Fitted(std::move(widths), style.max_columns);
  }
  std::string out;
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    std::string line;
    for (std::size_t column = 0; column < widths.size(); ++column) {
      if (widths[column] == 0) continue;
      if (!line.empty()) line += kGap;
      line += Pad(text::TruncateToWidth(rows_[row][column], widths[column]),
                  widths[column]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    if (row == 0 && style.heading) line = style.heading(line);
    out += line + "\n";
  }
  return out;
}

std::string RenderLines(const std::vector<Line>& lines,
                        std::string_view indent) {
  std::size_t width = 0;
  for (const Line& line : lines) {
    width = std::max(width, text::DisplayWidth(line.name));
  }
  std::string out;
  for (const Line& line : lines) {
    // Lines after the first of a long text stand under it.
    std::string value = text::Printable(line.value, text::Lines::kMany);
    const std::string under =
        "\n" + std::string(indent) + std::string(width + kGap.size(), ' ');
    for (std::size_t at = value.find('\n'); at != std::string::npos;
         at = value.find('\n', at + under.size())) {
      value.replace(at, 1, under);
    }
    out += std::string(indent) + Pad(text::Printable(line.name), width);
    out += std::string(kGap) + value + "\n";
  }
  return out;
}

}  // namespace sodality::cli
