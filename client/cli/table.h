// Tables and records for people, by display width. What comes from members goes
// through text::Printable here: no control character reaches a terminal.
#ifndef SODALITY_CLIENT_CLI_TABLE_H_
#define SODALITY_CLIENT_CLI_TABLE_H_

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace sodality::cli {

struct TableStyle {
  // Cells are shortened to fit, but for ids: where many columns leave no room
  // for them, lines are longer. 0: never.
  std::size_t max_columns = 0;
  // Decorates the header; not called when null.
  std::function<std::string(std::string_view)> heading;
};

// Rows under a header. Columns in which every cell is blank are left out.
class Table final {
 public:
  explicit Table(std::vector<std::string> header);
  // As many cells as the header has.
  void Add(std::vector<std::string> cells);
  [[nodiscard]] std::string Render(const TableStyle& style) const;

 private:
  std::vector<std::size_t> Widths() const;
  // How far a column may be shortened; no id in it is.
  std::size_t Narrowest(std::size_t column) const;
  std::vector<std::size_t> Fitted(std::vector<std::size_t> widths,
                                  std::size_t max_columns) const;

  std::vector<std::vector<std::string>> rows_;  // the header first
};

// "name  value" lines, the values in one column, with `indent` in front.
struct Line {
  std::string name;
  std::string value;
};
[[nodiscard]] std::string RenderLines(const std::vector<Line>& lines,
                                      std::string_view indent);

}  // namespace sodality::cli

#endif  // SODALITY_CLIENT_CLI_TABLE_H_
