#include "client/cli/table.h"

#include <gtest/gtest.h>

#include <sstream>

#include "text/utf8.h"

namespace sodality::cli {
namespace {

std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// The display column in which `part` begins.
size_t ColumnOf(const std::string& line, const std::string& part) {
  return text::DisplayWidth(line.substr(0, line.find(part)));
}

TEST(TableTest, ColumnsAlignAcrossScripts) {
  Table table({"NAME", "CITY"});
  table.Add({"Maria", "X1"});
  table.Add({"\u738b\u5c0f\u660e", "X2"});              // three wide characters
  table.Add({"Jos\u0065\u0301", "X3"});                 // combining accent
  table.Add({"\u0e2a\u0e21\u0e0a\u0e32\u0e22", "X4"});  // Thai
  const auto lines = LinesOf(table.Render({}));
  ASSERT_EQ(lines.size(), 5u);
  for (size_t i = 1; i < lines.size(); ++i) {
    EXPECT_EQ(ColumnOf(lines[i], "X" + std::to_string(i)), 8u) << lines[i];
  }
  EXPECT_EQ(ColumnOf(lines[0], "CITY"), 8u);
}

TEST(TableTest, ControlCharactersNeverComeThrough) {
  Table table({"NAME"});
  table.Add({"Mal\x1b[2Jlory\r\n\u202egone"});
  const std::string out = table.Render({});
  EXPECT_EQ(out.find('\x1b'), std::string::npos);
  EXPECT_EQ(out.find('\r'), std::string::npos);
  EXPECT_EQ(out.find("\u202e"), std::string::npos);
  EXPECT_EQ(LinesOf(out).size(), 2u);
}

TEST(TableTest, RecordsLetNoControlCharacterThroughEither) {
  const std::string out =
      RenderLines({{"notes", "one\ntwo\x1b[31m\u009b"}}, "  ");
  EXPECT_EQ(out, "  notes  one\n         two\ufffd[31m\ufffd\n");
}

TEST(TableTest, BlankColumnsAreLeftOut) {
  Table table({"A", "B", "C"});
  table.Add({"1", "", "3"});
  EXPECT_EQ(table.Render({}), "A  C\n1  3\n");
}

TEST(TableTest, FitsTheTerminalByShorteningTheWidest) {
  Table table({"ID", "TEXT"});
  table.Add({"abcdefgh", std::string(200, 'x')});
  for (const std::string& line : LinesOf(table.Render({40, nullptr}))) {
    EXPECT_LE(text::DisplayWidth(line), 40u);
  }
  EXPECT_NE(table.Render({40, nullptr}).find("abcdefgh"), std::string::npos);
}

TEST(TableTest, IdsAreKeptWhole) {
  const std::string id = "k7q2k7q2k7q2k7q2k7q2k7q2k7";
  Table table({"NAME", "COMMITTEES", "ID"});
  table.Add({std::string(30, 'n'), std::string(60, 'c'), id});
  const std::string out = table.Render({60, nullptr});
  EXPECT_NE(out.find(id), std::string::npos);
  for (const std::string& line : LinesOf(out)) {
    EXPECT_LE(text::DisplayWidth(line), 60u);
  }
}

TEST(TableTest, AnIdIsKeptWholeInAnyColumn) {
  const std::string id = "k7q2k7q2k7q2k7q2k7q2k7q2k7";
  Table table({"WHO", "EXTERNAL ID", "PURPOSE"});
  table.Add({id, "S0000000000000000017", std::string(60, 'p')});
  table.Add({std::string(40, 'n'), "S1", std::string(60, 'q')});
  const std::string out = table.Render({60, nullptr});
  EXPECT_NE(out.find(id + " "), std::string::npos) << out;
  EXPECT_NE(out.find("S0000000000000000017"), std::string::npos) << out;
  for (const std::string& line : LinesOf(out)) {
    EXPECT_LE(text::DisplayWidth(line), 60u) << line;
  }
}

TEST(TableTest, ShortenedCellsOfAnyScriptKeepTheColumns) {
  const std::string names[] = {
      "\u738b\u5c0f\u660e\u738b\u5c0f\u660e\u738b\u5c0f\u660e",  // wide
      "Jose\u0301 Jose\u0301 Jose\u0301 Jose\u0301",             // combining
      "\U0001F469\u200D\U0001F469\u200D\U0001F467 "
      "\U0001F1FA\U0001F1F8 and their neighbours",  // emoji
      "\u0645\u062d\u0645\u062f \u0645\u062d\u0645\u062f "
      "\u0645\u062d\u0645\u062f \u0645\u062d\u0645\u062f"};  // Arabic
  Table table({"NAME", "CITY"});
  for (const std::string& name : names) table.Add({name, "X"});
  const auto lines = LinesOf(table.Render({14, nullptr}));
  ASSERT_EQ(lines.size(), 5u);
  for (size_t i = 1; i < lines.size(); ++i) {
    EXPECT_EQ(ColumnOf(lines[i], "X"), 10u) << lines[i];
    EXPECT_NE(lines[i].find("\u2026"), std::string::npos) << lines[i];
  }
}

TEST(TableTest, IsNeverShortenedInAPipe) {
  Table table({"TEXT"});
  table.Add({std::string(500, 'x')});
  EXPECT_NE(table.Render({}).find(std::string(500, 'x')), std::string::npos);
}

TEST(TableTest, ATooNarrowTerminalDoesNotHang) {
  Table table({"A", "B"});
  table.Add({std::string(30, 'a'), std::string(30, 'b')});
  EXPECT_FALSE(table.Render({1, nullptr}).empty());
}

}  // namespace
}  // namespace sodality::cli
