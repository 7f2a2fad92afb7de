#include "client/roster/csv.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "client/roster/record_parser.h"
#include "text/utf8.h"

namespace sodality::roster {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{64} << 10;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kShownColumnName = 40;

absl::Status NotCsv(const char* reason) {
  return absl::InvalidArgumentError(absl::StrCat("not a CSV file: ", reason));
}

absl::Status CheckSignature(std::string_view start) {
  if (start.empty()) return NotCsv("it is empty");
  if (start.starts_with("\xFF\xFE") || start.starts_with("\xFE\xFF")) {
    return NotCsv("it is UTF-16; save it as CSV UTF-8");
  }
  if (start.starts_with("PK\x03\x04") ||
      start.starts_with("\xD0\xCF\x11\xE0")) {
    return NotCsv("it is a workbook or an archive; export the sheet as CSV");
  }
  return absl::OkStatus();
}

// The first line outside quotes, or all there is of it.
std::string_view FirstLine(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (!quoted && (text[i] == '\n' || text[i] == '\r')) {
      return text.substr(0, i);
    }
  }
  return text;
}

std::ptrdiff_t CountOutsideQuotes(std::string_view line, char wanted) {
  bool quoted = false;
  std::ptrdiff_t count = 0;
  for (const char c : line) {
    if (c == '"') quoted = !quoted;
    if (!quoted && c == wanted) ++count;
  }
  return count;
}

char SniffDelimiter(std::string_view text) {
  std::string_view line = FirstLine(text);
  char best = ',';
  for (const char candidate : {';', '\t'}) {
    if (CountOutsideQuotes(line, candidate) > CountOutsideQuotes(line, best)) {
      best = candidate;
    }
  }
  return best;
}

bool IsBlank(std::string_view cell) {
  return std::all_of(cell.begin(), cell.end(), [](char c) {
    return absl::ascii_isspace(static_cast<unsigned char>(c));
  });
}

bool AllBlank(const std::vector<std::string>& cells) {
  return std::all_of(cells.begin(), cells.end(), IsBlank);
}

}  // namespace

class CsvReader::State final {
 public:
  State(std::istream& input, const CsvLimits& limits)
      : input_(&input), limits_(limits), parser_(',', limits) {}

  const std::vector<std::string>& header() const { return header_; }
  char delimiter() const { return delimiter_; }

  absl::Status ReadHeader();
  absl::StatusOr<std::optional<CsvRow>> NextRow();

 private:
  using Record = std::vector<std::string>;

  absl::Status Fill();
  absl::StatusOr<std::optional<Record>> NextRecord();
  absl::StatusOr<std::optional<Record>> NextFilledRecord();
  void TakeRun();
  void CountLine(char c);
  absl::Status CheckUtf8(const std::vector<std::string>& cells) const;
  absl::Status FitToHeader(std::vector<std::string>& cells) const;
  absl::Status At(std::size_t column, const char* reason) const;
  std::string Place(std::size_t column) const;

  std::istream* input_;
  CsvLimits limits_;
  RecordParser parser_;
  char delimiter_ = ',';
  std::string block_;
  std::size_t next_ = 0;
  std::uint64_t line_ = 1;
  std::uint64_t record_line_ = 1;
  char last_ = '\0';
  bool ended_ = false;
  std::uint64_t rows_ = 0;
  std::vector<std::string> header_;
};

absl::Status CsvReader::State::Fill() {
  block_.resize(kBlockBytes);
  input_->read(block_.data(), static_cast<std::streamsize>(kBlockBytes));
  block_.resize(static_cast<std::size_t>(input_->gcount()));
  next_ = 0;
  if (input_->bad()) return absl::UnavailableError("cannot read the file");
  if (block_.find('\0') != std::string::npos) {
    return NotCsv("it holds NUL bytes");
  }
  return absl::OkStatus();
}

absl::Status CsvReader::State::ReadHeader() {
  const absl::Status filled = Fill();
  const absl::Status signature = CheckSignature(block_);
  if (!signature.ok()) return signature;
  if (!filled.ok()) return filled;
  if (block_.starts_with(kByteOrderMark)) next_ = kByteOrderMark.size();
  delimiter_ = SniffDelimiter(std::string_view(block_).substr(next_));
  parser_ = RecordParser(delimiter_, limits_);
  absl::StatusOr<std::optional<Record>> record = NextFilledRecord();
  if (!record.ok()) return record.status();
  if (!record->has_value()) return NotCsv("it has no header");
  const absl::Status valid = CheckUtf8(**record);
  if (!valid.ok()) return valid;
  header_ = **std::move(record);
  for (std::string& name : header_) absl::StripAsciiWhitespace(&name);
  return absl::OkStatus();
}

absl::StatusOr<std::optional<CsvRow>> CsvReader::State::NextRow() {
  ++rows_;
  absl::StatusOr<std::optional<Record>> record = NextFilledRecord();
  if (!record.ok()) return record.status();
  if (!record->has_value()) return std::nullopt;
  CsvRow row{rows_, **std::move(record)};
  const absl::Status fits = FitToHeader(row.cells);
  if (!fits.ok()) return fits;
  const absl::Status valid = CheckUtf8(row.cells);
  if (!valid.ok()) return valid;
  return row;
}

auto CsvReader::State::NextFilledRecord()
    -> absl::StatusOr<std::optional<Record>> {
  while (true) {
    absl::StatusOr<std::optional<Record>> record = NextRecord();
    if (!record.ok() || !record->has_value()) return record;
    if (!AllBlank(**record)) return record;
  }
}

auto CsvReader::State::NextRecord() -> absl::StatusOr<std::optional<Record>> {
  record_line_ = line_;
  while (!ended_) {
    if (next_ == block_.size()) {
      const absl::Status filled = Fill();
      if (!filled.ok()) return filled;
    }
    ended_ = block_.empty();
    const RecordParser::Event event =
        ended_ ? parser_.Finish() : parser_.Push(block_[next_]);
    if (event == RecordParser::Event::kBroken) {
      return At(parser_.column(), parser_.reason());
    }
    if (!ended_) CountLine(block_[next_++]);
    if (event == RecordParser::Event::kRecord) return parser_.TakeCells();
    if (!ended_) TakeRun();
  }
  return std::nullopt;
}

void CsvReader::State::TakeRun() {
  const auto rest = std::string_view(block_).substr(next_);
  const std::size_t size = parser_.PushRun(rest);
  if (size == 0) return;
  last_ = rest[size - 1];
  next_ += size;
}

void CsvReader::State::CountLine(char c) {
  const bool of_return = c == '\n' && last_ == '\r';
  if ((c == '\n' || c == '\r') && !of_return) ++line_;
  last_ = c;
}

absl::Status CsvReader::State::CheckUtf8(
    const std::vector<std::string>& cells) const {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (!text::IsValidUtf8(cells[i])) {
      return At(i, "not valid UTF-8; save the file as CSV UTF-8");
    }
  }
  return absl::OkStatus();
}

absl::Status CsvReader::State::FitToHeader(
    std::vector<std::string>& cells) const {
  for (std::size_t i = header_.size(); i < cells.size(); ++i) {
    if (!IsBlank(cells[i])) return At(i, "the header has no such column");
  }
  cells.resize(header_.size());
  return absl::OkStatus();
}

absl::Status CsvReader::State::At(std::size_t column,
                                  const char* reason) const {
  return absl::InvalidArgumentError(absl::StrCat(Place(column), ": ", reason));
}

std::string CsvReader::State::Place(std::size_t column) const {
  std::string place =
      rows_ == 0 ? "the header"
                 : absl::StrCat("row ", rows_, " (line ", record_line_, ")");
  absl::StrAppend(&place, ", column ", column + 1);
  if (column < header_.size() && !header_[column].empty()) {
    absl::StrAppend(&place, " (",
                    text::TruncateToWidth(text::Printable(header_[column]),
                                          kShownColumnName),
                    ")");
  }
  return place;
}

absl::StatusOr<CsvReader> CsvReader::Open(std::istream& input,
                                          CsvLimits limits) {
  auto state = std::make_unique<State>(input, limits);
  const absl::Status header = state->ReadHeader();
  if (!header.ok()) return header;
  return CsvReader(std::move(state));
}

CsvReader::CsvReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
CsvReader::CsvReader(CsvReader&&) noexcept = default;
CsvReader& CsvReader::operator=(CsvReader&&) noexcept = default;
CsvReader::~CsvReader() = default;

const std::vector<std::string>& CsvReader::header() const {
  return state_->header();
}

char CsvReader::delimiter() const { return state_->delimiter(); }

absl::StatusOr<std::optional<CsvRow>> CsvReader::Next() {
  return state_->NextRow();
}

}  // namespace sodality::roster
