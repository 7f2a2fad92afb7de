#include "text/scalars.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "tests/text/some_text.h"

namespace sodality::text {
namespace {

std::string Date(std::string_view text,
                 SlashDates slashes = SlashDates::kRefused) {
  const auto date = ParseDate(text, slashes);
  return date.ok() ? *date : "refused: " + std::string(date.status().message());
}

TEST(DateTest, AcceptsYearFirst) {
  for (const char* const text :
       {"1990-05-06", "1990-5-6", "1990/05/06", " 1990-05-06 ",
        "1990-05-06 00:00:00", "1990-05-06T12:34:56.789Z",
        "1990-05-06T12:34:56+02:00", "1990-05-06 12:34 UTC"}) {
    EXPECT_EQ(Date(text), "1990-05-06") << text;
  }
}

TEST(DateTest, AcceptsMonthFirstOnlyWhereThatIsTheCustom) {
  EXPECT_EQ(Date("5/6/1990", SlashDates::kMonthFirst), "1990-05-06");
  EXPECT_EQ(Date("12/31/1990", SlashDates::kMonthFirst), "1990-12-31");
  EXPECT_EQ(Date("5/6/1990"), "refused: write a date as YYYY-MM-DD");
  EXPECT_EQ(Date("31/12/1990", SlashDates::kMonthFirst),
            "refused: no such day in the calendar");
  EXPECT_EQ(SlashDatesOf(Country::Create("US").value()),
            SlashDates::kMonthFirst);
  EXPECT_EQ(SlashDatesOf(Country::Create("GB").value()), SlashDates::kRefused);
}

TEST(DateTest, RefusesWhatIsNoDate) {
  for (const char* const text :
       {"",           "1990",          "1990-05",
        "--05-06",    "90-05-06",      "1990-00-06",
        "1990-13-01", "1990-02-30",    "1990-02-29",
        "1900-02-29", "1990-05-06x",   "1990-05-06 noon",
        "19900506",   "6 May 1990",    "5/6/90",
        "06-05-1990", "1990-05-06-07", "1990--05-06",
        "0990-05-06", "1990-5-\xFF",   "99999-01-01"}) {
    EXPECT_EQ(ParseDate(text, SlashDates::kMonthFirst).status().code(),
              absl::StatusCode::kInvalidArgument)
        << text;
  }
  EXPECT_EQ(Date("2000-02-29"), "2000-02-29");
  EXPECT_EQ(Date("1996-02-29"), "1996-02-29");
}

RC_GTEST_PROP(DatePropertyTest, CanonicalFormsAreFixedPoints, ()) {
  const std::string text =
      absl::StrFormat("%d-%d-%d", *rc::gen::inRange(1000, 10000),
                      *rc::gen::inRange(0, 14), *rc::gen::inRange(0, 33));
  const auto date = ParseDate(text);
  if (date.ok()) RC_ASSERT(ParseDate(*date).value() == *date);
}

RC_GTEST_PROP(DatePropertyTest, AnyBytesAreParsedOrRefused, ()) {
  const auto date = ParseDate(*AnyBytes(), SlashDates::kMonthFirst);
  RC_ASSERT(date.ok() || absl::IsInvalidArgument(date.status()));
}

TEST(YesNoTest, UnderstandsTheUsualWords) {
  for (const char* const yes : {"yes", "Y", " TRUE ", "t", "1", "on"}) {
    EXPECT_TRUE(ParseYesNo(yes).value()) << yes;
  }
  for (const char* const no : {"no", "N", "False", "f", "0", "OFF"}) {
    EXPECT_FALSE(ParseYesNo(no).value()) << no;
  }
  for (const char* const text : {"", "maybe", "2", "yess", "\xFF"}) {
    EXPECT_EQ(ParseYesNo(text).status().code(),
              absl::StatusCode::kInvalidArgument)
        << text;
  }
}

}  // namespace
}  // namespace sodality::text
