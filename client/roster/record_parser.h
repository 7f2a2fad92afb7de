// The state machine of CSV, a byte at a time. Internal to csv.cc.
#ifndef SODALITY_CLIENT_ROSTER_RECORD_PARSER_H_
#define SODALITY_CLIENT_ROSTER_RECORD_PARSER_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "client/roster/csv.h"

namespace sodality::roster {

class RecordParser final {
 public:
  enum class Event { kMore, kRecord, kBroken };

  RecordParser(char delimiter, const CsvLimits& limits)
      : delimiter_(delimiter), limits_(limits) {}

  // After kRecord take the cells; after kBroken read reason() and column().
  Event Push(char c);
  // Takes what `text` begins with and is plain content, within the limits and
  // without an end of line; answers how much that was. Push takes the rest.
  std::size_t PushRun(std::string_view text);
  // At the end of the file: kMore if there is no record left.
  Event Finish();

  std::vector<std::string> TakeCells() {
    auto cells = std::exchange(cells_, std::vector<std::string>());
    cells_.reserve(cells.size());
    return cells;
  }
  const char* reason() const { return reason_; }
  // The cell that is being read, from 0.
  std::size_t column() const { return cells_.size(); }

 private:
  enum class Place { kStart, kPlain, kQuoted, kBehindQuote };

  Event PushUnquoted(char c);
  Event PushQuoted(char c);
  Event PushBehindQuote(char c);
  Event Append(char c);
  Event EndCell();
  Event EndRecord();
  Event Break(const char* reason);
  bool OnlySpacesSoFar() const;

  char delimiter_;
  CsvLimits limits_;
  Place place_ = Place::kStart;
  bool after_return_ = false;  // an LF now belongs to the CR before it
  std::string cell_;
  std::size_t record_bytes_ = 0;
  std::vector<std::string> cells_;
  const char* reason_ = "";
};

}  // namespace sodality::roster

#endif  // SODALITY_CLIENT_ROSTER_RECORD_PARSER_H_
