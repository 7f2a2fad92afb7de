#include "client/cli/values.h"

#include <gtest/gtest.h>

#include "client/include/sodality/error_info.h"

namespace sodality::cli {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

const Time kNow{seconds(1'795'716'000)};  // 2026-11-26T18:00:00Z

TEST(TimeTest, TakesTimesDatesAndSpans) {
  EXPECT_EQ(FormatTime(*ParseTime("2026-12-01T10:00:00Z", kNow)),
            "2026-12-01T10:00:00Z");
  EXPECT_EQ(FormatTime(*ParseTime("2026-12-01T10:00:00+02:00", kNow)),
            "2026-12-01T08:00:00Z");
  EXPECT_EQ(FormatTime(*ParseTime("2026-12-01", kNow)), "2026-12-01T23:59:59Z");
  EXPECT_EQ(*ParseTime("14d", kNow), kNow + hours(14 * 24));
  EXPECT_EQ(*ParseTime("12h", kNow), kNow + hours(12));
}

TEST(TimeTest, ThePastCountsBack) {
  EXPECT_EQ(*ParsePastTime("7d", kNow), kNow - hours(7 * 24));
  EXPECT_EQ(FormatTime(*ParsePastTime("2026-11-01", kNow)),
            "2026-11-01T00:00:00Z");
}

TEST(TimeTest, RefusesWhatIsNone) {
  for (const char* text : {"", "tomorrow", "2026-13-01", "2026-02-30", "14",
                           "d", "-3d", "0h", "1.5h", "14 d", "99999999d",
                           "999999999999999999999d", "2026-12-01T10:00:00"}) {
    EXPECT_EQ(ExitCodeOf(ParseTime(text, kNow).status()), ExitCode::kUsage)
        << text;
  }
}

TEST(BudgetTest, TakesAnyOfItsParts) {
  const auto all = ParseBudget("20/h,100/d,500");
  ASSERT_TRUE(all.ok());
  EXPECT_EQ(all->per_hour, 20u);
  EXPECT_EQ(all->per_day, 100u);
  EXPECT_EQ(all->in_all, 500u);
  const auto day = ParseBudget("7/d");
  ASSERT_TRUE(day.ok());
  EXPECT_EQ(day->per_hour, 0u);
  EXPECT_EQ(day->per_day, 7u);
}

TEST(BudgetTest, RefusesWhatIsNone) {
  for (const char* text : {"", "0/h", "x/h", "5/w", "5/h,6/h", "5,", "5/",
                           "-1/d", "4294967296", "1/h/d"}) {
    EXPECT_FALSE(ParseBudget(text).ok()) << text;
  }
}

TEST(AssignmentTest, SplitsAtTheFirstEqualsSign) {
  const auto parsed = ParseAssignment("Notes=a=b");
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->field, "notes");
  EXPECT_EQ(parsed->value, "a=b");
  EXPECT_EQ(ParseAssignment("city=")->value, "");
}

TEST(AssignmentTest, RefusesMalformedOnes) {
  EXPECT_FALSE(ParseAssignment("city").ok());
  EXPECT_FALSE(ParseAssignment("=x").ok());
  EXPECT_FALSE(ParseAssignment("city=\xff\xfe").ok());
  EXPECT_FALSE(
      ParseAssignment("notes=" + std::string(16 * 1024 + 1, 'x')).ok());
  EXPECT_TRUE(ParseAssignment("notes=" + std::string(16 * 1024, 'x')).ok());
}

TEST(IdTest, IsLowerCasedAndChecked) {
  EXPECT_EQ(*ParseId("MEMBER", "MFRGGZDFMZTWQ2LKNNWG23TPOA"),
            "mfrggzdfmztwq2lknnwg23tpoa");
  EXPECT_FALSE(ParseId("MEMBER", "maria").ok());
  EXPECT_FALSE(ParseId("MEMBER", "mfrggzdfmztwq2lknnwg23tpo1").ok());
}

TEST(NumberTest, KeepsToItsRange) {
  EXPECT_EQ(*ParseNumber("5", {"--limit", 1, 10}), 5);
  for (const char* text : {"0", "11", "", "5x", "-1", "1e3"}) {
    EXPECT_EQ(ParseNumber(text, {"--limit", 1, 10}).status().message(),
              "--limit must be a whole number from 1 to 10")
        << text;
  }
}

TEST(KnownTest, NamesTheNearest) {
  const std::vector<std::string> roles = {"admin", "coordinator"};
  EXPECT_TRUE(CheckKnown("role", "admin", roles).ok());
  EXPECT_EQ(GetErrorInfo(CheckKnown("role", "cordinator", roles)).hint,
            "did you mean coordinator?");
  EXPECT_EQ(GetErrorInfo(CheckKnown("role", "king", roles)).hint,
            "known: admin, coordinator");
}

}  // namespace
}  // namespace sodality::cli
