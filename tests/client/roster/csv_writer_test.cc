#include "client/roster/csv_writer.h"

#include <gtest/gtest.h>

#include <vector>

namespace sodality::roster {
namespace {

TEST(CsvWriterTest, QuotesOnlyWhereNeeded) {
  EXPECT_EQ(CsvCell(""), "");
  EXPECT_EQ(CsvCell("Maria"), "Maria");
  EXPECT_EQ(CsvCell("a,b"), "\"a,b\"");
  EXPECT_EQ(CsvCell("say \"hi\""), "\"say \"\"hi\"\"\"");
  EXPECT_EQ(CsvCell("two\nlines"), "\"two\nlines\"");
  EXPECT_EQ(CsvCell(" spaced "), "\" spaced \"");
}

TEST(CsvWriterTest, NeutralisesFormulas) {
  EXPECT_EQ(CsvCell("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
  EXPECT_EQ(CsvCell("+1+cmd"), "'+1+cmd");
  EXPECT_EQ(CsvCell("-1-1"), "'-1-1");
  EXPECT_EQ(CsvCell("@SUM(A1)"), "'@SUM(A1)");
  EXPECT_EQ(CsvCell("\t=1"), "'\t=1");
  EXPECT_EQ(CsvCell("\r=1"), "\"'\r=1\"");
  EXPECT_EQ(CsvCell("+"), "'+");
}

TEST(CsvWriterTest, LeavesNumbersAndPhonesAlone) {
  EXPECT_EQ(CsvCell("+12125550123"), "+12125550123");
  EXPECT_EQ(CsvCell("-5"), "-5");
  EXPECT_EQ(CsvCell("a=b"), "a=b");
}

TEST(CsvWriterTest, WritesRawCellsOnRequest) {
  EXPECT_EQ(CsvCell("=1", Formulas::kRaw), "=1");
}

TEST(CsvWriterTest, EndsLinesAsRfc4180Says) {
  EXPECT_EQ(CsvLine(std::vector<std::string>{"a", "", "=b"}), "a,,'=b\r\n");
  EXPECT_EQ(CsvLine({}), "\r\n");
}

}  // namespace
}  // namespace sodality::roster
