#include "client/roster/record_parser.h"

#include <algorithm>

namespace sodality::roster {

using Event = RecordParser::Event;

std::size_t RecordParser::PushRun(std::string_view text) {
  const bool quoted = place_ == Place::kQuoted;
  if (after_return_ || !(quoted || place_ == Place::kPlain)) return 0;
  const std::size_t most =
      std::min(limits_.cell_bytes - cell_.size(),
               limits_.row_bytes - std::min(limits_.row_bytes, record_bytes_));
  text = text.substr(0, most);
  const auto ends = [&](char c) {
    return c == '"' || c == '\n' || c == '\r' || (!quoted && c == delimiter_);
  };
  const auto end = std::find_if(text.begin(), text.end(), ends);
  const auto size = static_cast<std::size_t>(end - text.begin());
  cell_.append(text.substr(0, size));
  record_bytes_ += size;
  return size;
}

Event RecordParser::Push(char c) {
  const bool completes_return = after_return_ && c == '\n';
  after_return_ = false;
  if (completes_return) return Event::kMore;
  if (++record_bytes_ > limits_.row_bytes) return Break("the row is too long");
  switch (place_) {
    case Place::kQuoted:
      return PushQuoted(c);
    case Place::kBehindQuote:
      return PushBehindQuote(c);
    default:
      return PushUnquoted(c);
  }
}

Event RecordParser::Finish() {
  if (place_ == Place::kQuoted) return Break("a quoted cell does not end");
  const bool nothing = cells_.empty() && place_ == Place::kStart;
  return nothing ? Event::kMore : EndRecord();
}

Event RecordParser::PushUnquoted(char c) {
  if (c == delimiter_) return EndCell();
  if (c == '\n' || c == '\r') {
    after_return_ = c == '\r';
    return EndRecord();
  }
  if (c == '"' && OnlySpacesSoFar()) {
    cell_.clear();
    place_ = Place::kQuoted;
    return Event::kMore;
  }
  place_ = Place::kPlain;
  return Append(c);
}

Event RecordParser::PushQuoted(char c) {
  if (c == '"') {
    place_ = Place::kBehindQuote;
    return Event::kMore;
  }
  if (c == '\n' && cell_.ends_with('\r')) cell_.pop_back();
  return Append(c);
}

Event RecordParser::PushBehindQuote(char c) {
  if (c == '"') {
    place_ = Place::kQuoted;
    return Append(c);
  }
  if (c == delimiter_) return EndCell();
  if (c == '\n' || c == '\r') {
    after_return_ = c == '\r';
    return EndRecord();
  }
  if (c == ' ' || c == '\t') return Event::kMore;
  return Break("a quoted cell goes on after its quote");
}

Event RecordParser::Append(char c) {
  if (cell_.size() >= limits_.cell_bytes) return Break("the cell is too long");
  cell_.push_back(c);
  return Event::kMore;
}

Event RecordParser::EndCell() {
  if (cells_.size() >= limits_.columns) return Break("too many columns");
  cells_.push_back(std::exchange(cell_, std::string()));
  place_ = Place::kStart;
  return Event::kMore;
}

Event RecordParser::EndRecord() {
  const Event ended = EndCell();
  record_bytes_ = 0;
  return ended == Event::kMore ? Event::kRecord : ended;
}

Event RecordParser::Break(const char* reason) {
  reason_ = reason;
  return Event::kBroken;
}

bool RecordParser::OnlySpacesSoFar() const {
  return cell_.find_first_not_of(' ') == std::string::npos;
}

}  // namespace sodality::roster
