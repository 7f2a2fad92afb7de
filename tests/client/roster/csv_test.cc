#include "client/roster/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <streambuf>

#include "absl/status/status.h"

namespace sodality::roster {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

using Rows = std::vector<std::vector<std::string>>;

struct Parsed {
  std::vector<std::string> header;
  Rows rows;
  absl::Status status;
};

Parsed Parse(const std::string& text, CsvLimits limits = {}) {
  std::istringstream input(text);
  absl::StatusOr<CsvReader> reader = CsvReader::Open(input, limits);
  if (!reader.ok()) return {.status = reader.status()};
  Parsed parsed{.header = reader->header()};
  while (true) {
    const auto row = reader->Next();
    if (!row.ok()) parsed.status = row.status();
    if (!row.ok() || !row->has_value()) return parsed;
    parsed.rows.push_back((*row)->cells);
    EXPECT_EQ((*row)->row, parsed.rows.size());
  }
}

void ExpectError(const std::string& text, const std::string& message) {
  const absl::Status status = Parse(text).status;
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(std::string(status.message()), message);
}

TEST(CsvTest, ReadsHeaderAndRows) {
  const Parsed parsed = Parse("a,b\n1,2\n3,4\n");
  EXPECT_TRUE(parsed.status.ok());
  EXPECT_THAT(parsed.header, ElementsAre("a", "b"));
  EXPECT_THAT(parsed.rows,
              ElementsAre(ElementsAre("1", "2"), ElementsAre("3", "4")));
}

TEST(CsvTest, ReadsEveryLineEnding) {
  for (const char* const text :
       {"a,b\n1,2\n3,4", "a,b\r\n1,2\r\n3,4\r\n", "a,b\r1,2\r3,4\r",
        "\xEF\xBB\xBF"
        "a,b\n1,2\n\n\r\n , \n3,4\n\n"}) {
    const Parsed parsed = Parse(text);
    EXPECT_TRUE(parsed.status.ok()) << parsed.status;
    EXPECT_THAT(parsed.header, ElementsAre("a", "b"));
    EXPECT_THAT(parsed.rows,
                ElementsAre(ElementsAre("1", "2"), ElementsAre("3", "4")));
  }
}

TEST(CsvTest, ReadsQuotedCells) {
  const Parsed parsed = Parse(
      "a,b\n"
      "\"x, y\",\"say \"\"hi\"\"\"\n"
      "\"two\r\nlines\",\"\"\n"
      " \"spaced\" ,in\"side\n");
  EXPECT_TRUE(parsed.status.ok()) << parsed.status;
  EXPECT_THAT(parsed.rows, ElementsAre(ElementsAre("x, y", "say \"hi\""),
                                       ElementsAre("two\nlines", ""),
                                       ElementsAre("spaced", "in\"side")));
}

TEST(CsvTest, FindsTheDelimiter) {
  EXPECT_THAT(Parse("a;b;c\n1;2,5;3\n").rows,
              ElementsAre(ElementsAre("1", "2,5", "3")));
  EXPECT_THAT(Parse("a\tb\n1;2\t3\n").rows,
              ElementsAre(ElementsAre("1;2", "3")));
  EXPECT_THAT(Parse("\"x;y;z\",b\n1,2\n").header, ElementsAre("x;y;z", "b"));
  EXPECT_THAT(Parse("one\nx,y\n").status.ok(), false);
}

TEST(CsvTest, TrimsColumnNames) {
  EXPECT_THAT(Parse(" a , b\t,\n").header, ElementsAre("a", "b", ""));
}

TEST(CsvTest, FillsShortRowsAndDropsBlankTails) {
  EXPECT_THAT(
      Parse("a,b,c\n1\n1,2,3,,\n").rows,
      ElementsAre(ElementsAre("1", "", ""), ElementsAre("1", "2", "3")));
}

TEST(CsvTest, NamesWhereARowIsWrong) {
  ExpectError("a,b\n1,2\n3,4,secret\n",
              "row 2 (line 3), column 3: the header has no such column");
  ExpectError("a,b\n\n1,\"secret\" x\n",
              "row 1 (line 3), column 2 (b): a quoted cell goes on after its "
              "quote");
  ExpectError("a,b\n1,2\n\"secret,3\n4,5\n",
              "row 2 (line 3), column 1 (a): a quoted cell does not end");
  ExpectError("a,b\r\n1,2\r\nJos\xE9,2\r\n",
              "row 2 (line 3), column 1 (a): not valid UTF-8; save the file as "
              "CSV UTF-8");
  ExpectError("a,Jos\xE9\n1,2\n",
              "the header, column 2: not valid UTF-8; save the file as CSV "
              "UTF-8");
}

TEST(CsvTest, ShortensColumnNamesInMessages) {
  const absl::Status status =
      Parse(std::string(200, 'x') + "\x1B,b\n\xFF,2\n").status;
  EXPECT_LT(status.message().size(), 150U);
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("\x1B")));
}

TEST(CsvTest, RefusesWhatIsNoCsv) {
  ExpectError("", "not a CSV file: it is empty");
  ExpectError("\xEF\xBB\xBF", "not a CSV file: it has no header");
  ExpectError("\n\n , \n", "not a CSV file: it has no header");
  ExpectError("\xFF\xFE" + std::string("a\0,\0", 4),
              "not a CSV file: it is UTF-16; save it as CSV UTF-8");
  ExpectError(
      std::string("PK\x03\x04\0\0", 6),
      "not a CSV file: it is a workbook or an archive; export the sheet "
      "as CSV");
  ExpectError(std::string("a,b\n1,\0\n", 8),
              "not a CSV file: it holds NUL bytes");
}

TEST(CsvTest, FindsNulBytesFarIntoTheFile) {
  std::string text = "a,b\n";
  for (int i = 0; i < 50000; ++i) text += "1,2\n";
  text.push_back('\0');
  const Parsed parsed = Parse(text);
  EXPECT_THAT(std::string(parsed.status.message()), HasSubstr("NUL bytes"));
}

TEST(CsvTest, KeepsToItsLimits) {
  const CsvLimits limits{.cell_bytes = 8, .row_bytes = 20, .columns = 3};
  EXPECT_TRUE(Parse("a,b\n12345678,1\n", limits).status.ok());
  EXPECT_EQ(Parse("a,b\n1,123456789\n", limits).status.message(),
            "row 1 (line 2), column 2 (b): the cell is too long");
  EXPECT_EQ(Parse("a,b\n1,\"\n\n\n\n\n\n\n\n\n", limits).status.message(),
            "row 1 (line 2), column 2 (b): the cell is too long");
  EXPECT_EQ(Parse("a,b,c\n1234567,1234567,1234567\n", limits).status.message(),
            "row 1 (line 2), column 3 (c): the row is too long");
  EXPECT_EQ(Parse("a,b,c,d\n", limits).status.message(),
            "the header, column 4: too many columns");
}

TEST(CsvTest, ReadsFilesLargerThanItsBuffer) {
  std::string text = "a,b\n";
  for (int i = 0; i < 30000; ++i) {
    text += std::to_string(i) + ",\"x\"\"y\n" + std::to_string(i) + "\"\n";
  }
  const Parsed parsed = Parse(text);
  ASSERT_TRUE(parsed.status.ok()) << parsed.status;
  ASSERT_EQ(parsed.rows.size(), 30000U);
  EXPECT_THAT(parsed.rows.back(), ElementsAre("29999", "x\"y\n29999"));
}

// Hands out some bytes and then fails.
class FailingBuffer final : public std::streambuf {
 protected:
  std::streamsize xsgetn(char* to, std::streamsize size) override {
    if (failed_) throw std::ios_base::failure("broken");
    failed_ = true;
    std::fill(to, to + size, '1');
    std::copy_n("a,b\n", 4, to);
    for (std::streamsize i = 5; i < size; i += 2) to[i] = '\n';
    return size;
  }

 private:
  bool failed_ = false;
};

TEST(CsvTest, ReportsAStreamThatFails) {
  FailingBuffer buffer;
  std::istream input(&buffer);
  absl::StatusOr<CsvReader> reader = CsvReader::Open(input);
  ASSERT_TRUE(reader.ok()) << reader.status();
  absl::StatusOr<std::optional<CsvRow>> row = reader->Next();
  while (row.ok() && row->has_value()) row = reader->Next();
  EXPECT_EQ(row.status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace sodality::roster
