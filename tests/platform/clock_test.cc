#include "platform/clock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <string>

namespace sodality::platform {
namespace {

using std::chrono::milliseconds;

TEST(TimestampTest, FormatsWholeSecondsInUtc) {
  EXPECT_EQ(FormatTimestamp({0}), "1970-01-01T00:00:00Z");
  EXPECT_EQ(FormatTimestamp({1795718955999}), "2026-11-26T18:49:15Z");
}

TEST(TimestampTest, FormatsTimesOutOfRangeAsTheNearestWithin) {
  EXPECT_EQ(FormatTimestamp({-1}), "1970-01-01T00:00:00Z");
  EXPECT_EQ(FormatTimestamp({std::numeric_limits<int64_t>::min()}),
            "1970-01-01T00:00:00Z");
  EXPECT_EQ(FormatTimestamp({std::numeric_limits<int64_t>::max()}),
            "9999-12-31T23:59:59Z");
}

TEST(TimestampTest, ParsesWhatItFormats) {
  for (int64_t seconds : {0L, 951782400L, 1795718955L, 253402300799L}) {
    const Timestamp time{seconds * 1000};
    const auto parsed = ParseTimestamp(FormatTimestamp(time));
    ASSERT_TRUE(parsed.ok()) << seconds;
    EXPECT_EQ(*parsed, time);
  }
}

TEST(TimestampTest, ParsesOffsetsAndFractions) {
  const Timestamp time{1795718955000};
  for (const char* text :
       {"2026-11-26T18:49:15Z", "2026-11-26t18:49:15z", "2026-11-26 18:49:15Z",
        "2026-11-26T20:19:15+01:30", "2026-11-26T13:49:15-05:00",
        "2026-11-27T00:00:15+05:11", "2026-11-26T18:49:15.0000000009Z"}) {
    const auto parsed = ParseTimestamp(text);
    ASSERT_TRUE(parsed.ok()) << text;
    EXPECT_EQ(*parsed, time) << text;
  }
  EXPECT_EQ(ParseTimestamp("2026-11-26T18:49:15.5Z")->millis, 1795718955500);
  EXPECT_EQ(ParseTimestamp("2026-11-26T18:49:15.1239Z")->millis, 1795718955123);
}

TEST(TimestampTest, KnowsLeapYears) {
  EXPECT_TRUE(ParseTimestamp("2028-02-29T00:00:00Z").ok());
  EXPECT_FALSE(ParseTimestamp("2027-02-29T00:00:00Z").ok());
  EXPECT_FALSE(ParseTimestamp("2100-02-29T00:00:00Z").ok());
}

TEST(TimestampTest, RefusesWhatIsMalformed) {
  for (const char* text : {"",
                           "2026",
                           "2026-11-26",
                           "2026-11-26T18:49:15",
                           "2026-11-26T18:49Z",
                           "2026-13-01T00:00:00Z",
                           "2026-00-01T00:00:00Z",
                           "2026-04-31T00:00:00Z",
                           "2026-04-00T00:00:00Z",
                           "2026-11-26T24:00:00Z",
                           "2026-11-26T18:60:00Z",
                           "2026-11-26T18:49:60Z",
                           "2026-11-26T18:49:15.Z",
                           "1969-12-31T23:59:59Z",
                           "2026-11-26T18:49:15+24:00",
                           "2026-11-26T18:49:15+0100",
                           "2026-11-26T18:49:15Zx",
                           " 2026-11-26T18:49:15Z",
                           "2026-11-26T18:49:15Z ",
                           "+026-11-26T18:49:15Z",
                           "2026/11/26T18:49:15Z",
                           "2026-11-26T-1:49:15Z",
                           "2O26-11-26T18:49:15Z"}) {
    const auto parsed = ParseTimestamp(text);
    EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument)
        << text;
  }
}

TEST(TimestampTest, TheErrorDoesNotRepeatTheInput) {
  EXPECT_THAT(std::string(ParseTimestamp("Maria").status().message()),
              testing::Not(testing::HasSubstr("Maria")));
}

TEST(TimestampTest, RefusesEmbeddedZeroBytes) {
  const std::string text("2026-11-26T18:49:15\0", 20);
  EXPECT_FALSE(ParseTimestamp(text).ok());
}

TEST(TimestampTest, DurationsAndPointsInTimeAreDifferentThings) {
  const Timestamp start{1000};
  EXPECT_EQ((start + milliseconds(500)).millis, 1500);
  EXPECT_EQ((start - milliseconds(500)).millis, 500);
  EXPECT_EQ(Timestamp{1500} - start, milliseconds(500));
  EXPECT_LT(start, Timestamp{1001});
}

TEST(FakeClockTest, StandsStillUntilAdvanced) {
  FakeClock clock({5});
  EXPECT_EQ(clock.Now().millis, 5);
  EXPECT_EQ(clock.Now().millis, 5);
  clock.Advance(milliseconds(7));
  EXPECT_EQ(clock.Now().millis, 12);
}

TEST(SystemClockTest, IsPastTheYear2020) {
  EXPECT_GT(SystemClock().Now(), *ParseTimestamp("2020-01-01T00:00:00Z"));
}

}  // namespace
}  // namespace sodality::platform
