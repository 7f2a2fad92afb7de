#include "client/roster/map_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/status/status.h"

namespace sodality::roster {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(MapFileTest, ReadsRules) {
  const auto map = ParseMapFile(
      "ignore = [\"caucus\"]\n"
      "[columns]\n"
      "\"Zip\" = \"postal_code\"\n"
      "\"Committee list\" = { field = \"committees\", split = \"|\" }\n"
      "\"Opt out\" = { field = \"consent_call\", refusal = true }\n");
  ASSERT_TRUE(map.ok()) << map.status();
  ASSERT_EQ(map->columns.size(), 3U);
  const ColumnRule& list = map->columns[0];
  EXPECT_EQ(list.column, "Committee list");
  EXPECT_EQ(list.field, "committees");
  EXPECT_EQ(list.split, '|');
  EXPECT_EQ(list.line, 4U);
  EXPECT_TRUE(map->columns[1].refusal);
  EXPECT_EQ(map->columns[2].field, "postal_code");
  EXPECT_EQ(map->columns[2].split, ';');
  ASSERT_EQ(map->ignored.size(), 1U);
  EXPECT_EQ(map->ignored[0].column, "caucus");
}

TEST(MapFileTest, AcceptsAnEmptyMap) {
  EXPECT_TRUE(ParseMapFile("").ok());
  EXPECT_TRUE(ParseMapFile("# nothing\n[columns]\n").ok());
}

struct Mistake {
  const char* toml;
  const char* start;
  const char* reason;
};

class MapMistakeTest : public testing::TestWithParam<Mistake> {};

TEST_P(MapMistakeTest, NamesTheLine) {
  const auto map = ParseMapFile(GetParam().toml);
  ASSERT_EQ(map.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(map.status().message()),
              testing::AllOf(StartsWith(GetParam().start),
                             HasSubstr(GetParam().reason)));
}

INSTANTIATE_TEST_SUITE_P(
    Mistakes, MapMistakeTest,
    testing::Values(
        Mistake{"\n[columns\n", "map, line 2", ""},
        Mistake{"\n\ncolumn = 1\n", "map, line 3", "columns and ignore"},
        Mistake{"# é\n[columns]\né = \"x\"\n", "map, line 3", "in quotes"},
        Mistake{"[columns]\n\"a\\\"\" é = 1\n", "map, line 2", "in quotes"},
        Mistake{"\xFF", "the map is not valid UTF-8", ""},
        Mistake{"columns = 1\n", "map, line 1", "a table"},
        Mistake{"[columns]\na = 1\n", "map, line 2", "a field's name"},
        Mistake{"[columns]\na = {}\n", "map, line 2", "field is missing"},
        Mistake{"[columns]\na = {field = 1}\n", "map, line 2", "a string"},
        Mistake{"[columns]\na = {feild = \"x\"}\n", "map, line 2",
                "field, split and refusal"},
        Mistake{"[columns]\na = {field = \"x\", split = \"||\"}\n",
                "map, line 2", "one ASCII character"},
        Mistake{"[columns]\na = {field = \"x\", split = \"é\"}\n",
                "map, line 2", "one ASCII character"},
        Mistake{"[columns]\na = {field = \"x\", refusal = \"yes\"}\n",
                "map, line 2", "true or false"},
        Mistake{"ignore = \"a\"\n", "map, line 1", "a list of columns"},
        Mistake{"ignore = [1]\n", "map, line 1", "a list of columns"},
        Mistake{"[columns]\n\"A b\" = \"x\"\n\"a_b\" = \"y\"\n", "map, line",
                "named twice"},
        Mistake{"[columns]\na = \"x\"\na = \"y\"\n", "map, line 3", ""}));

TEST(MapFileTest, ReadsNamesBeyondAsciiInQuotes) {
  const auto map = ParseMapFile(
      "\xEF\xBB\xBF# Ω\n[columns]\n\"Prénom \\\" é\" = 'given_name' # ü\n"
      "'Fæ' = \"city\"\n");
  ASSERT_TRUE(map.ok()) << map.status();
  ASSERT_EQ(map->columns.size(), 2U);
  EXPECT_EQ(map->columns[0].column, "Fæ");
  EXPECT_EQ(map->columns[1].column, "Prénom \" é");
}

TEST(MapFileTest, RefusesHugeFiles) {
  EXPECT_EQ(
      ParseMapFile(std::string(kMaxMapFileBytes + 1, '#')).status().code(),
      absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace sodality::roster
