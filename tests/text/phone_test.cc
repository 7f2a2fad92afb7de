#include "text/phone.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "absl/status/status.h"
#include "tests/text/some_text.h"

namespace sodality::text {
namespace {

using testing::HasSubstr;
using testing::Not;

Country In(const char* code) {
  const absl::StatusOr<Country> country = Country::Create(code);
  return country.value();
}

std::string Parsed(std::string_view text, const char* country = "US") {
  const auto phone = ParsePhone(text, In(country));
  return phone.ok() ? *phone
                    : "refused: " + std::string(phone.status().message());
}

TEST(PhoneTest, AcceptsEverySpellingOfANumber) {
  for (const char* const text :
       {"2125550123", "212-555-0123", "(212) 555-0123", "212.555.0123",
        "1 212 555 0123", "+1 (212) 555-0123", "+12125550123", "12125550123",
        "  212 555 0123 ", "tel:+1-212-555-0123", "２１２５５５０１２３",
        "011 1 212 555 0123", "٢١٢٥٥٥٠١٢٣"}) {
    EXPECT_EQ(Parsed(text), "+12125550123") << text;
  }
}

TEST(PhoneTest, ReadsNationalNumbersOfItsCountry) {
  EXPECT_EQ(Parsed("020 7946 0958", "GB"), "+442079460958");
  EXPECT_EQ(Parsed("030 123456", "DE"), "+4930123456");
  EXPECT_EQ(Parsed("55 1234 5678", "MX"), "+525512345678");
  EXPECT_EQ(Parsed("06 1234 5678", "IT"), "+390612345678");
  EXPECT_EQ(Parsed("+44 20 7946 0958", "US"), "+442079460958");
}

TEST(PhoneTest, KeepsExtensionsApart) {
  EXPECT_EQ(Parsed("212-555-0123 x45"), "+12125550123;ext=45");
  EXPECT_EQ(Parsed("212-555-0123 ext. 45"), "+12125550123;ext=45");
  EXPECT_EQ(Parsed("+12125550123;ext=45"), "+12125550123;ext=45");
  EXPECT_EQ(WithoutExtension("+12125550123;ext=45"), "+12125550123");
  EXPECT_EQ(WithoutExtension("+12125550123"), "+12125550123");
}

TEST(PhoneTest, AcceptsPossibleNumbersThatAreNotAssigned) {
  EXPECT_EQ(Parsed("999-999-9999"), "+19999999999");
  EXPECT_EQ(Parsed("555-0123"), "+15550123");
}

struct Refusal {
  const char* text;
  const char* reason;
};

class PhoneRefusalTest : public testing::TestWithParam<Refusal> {};

TEST_P(PhoneRefusalTest, SaysWhatIsWrongWithoutTheInput) {
  const auto phone = ParsePhone(GetParam().text, In("US"));
  ASSERT_EQ(phone.status().code(), absl::StatusCode::kInvalidArgument)
      << GetParam().text;
  EXPECT_THAT(std::string(phone.status().message()),
              HasSubstr(GetParam().reason));
  if (*GetParam().text != '\0') {
    EXPECT_THAT(std::string(phone.status().message()),
                Not(HasSubstr(GetParam().text)));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Refusals, PhoneRefusalTest,
    testing::Values(Refusal{"", "not a telephone number"},
                    Refusal{"call my office", "not a telephone number"},
                    Refusal{"12", "too short"}, Refusal{"011", "too short"},
                    Refusal{"212-555", "too short"},
                    Refusal{"212555012345678", "too long"},
                    Refusal{"212-555-0123 / 646-555-0199", "too long"},
                    Refusal{"+999 123456", "country code"},
                    Refusal{"212555012\xFF", "UTF-8"}));

TEST(PhoneTest, RefusesLengthsThatItsCountryDoesNotUse) {
  EXPECT_EQ(Parsed("712345", "AD"), "+376712345");
  EXPECT_EQ(Parsed("7123456", "AD"),
            "refused: no telephone number of its country has this length");
}

TEST(PhoneTest, RefusesEndlessInput) {
  EXPECT_EQ(ParsePhone(std::string(1 << 20, '1'), In("US")).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(PhoneTest, FormatsForPeople) {
  EXPECT_EQ(FormatPhone("+12125550123", PhoneStyle::kNational),
            "(212) 555-0123");
  EXPECT_EQ(FormatPhone("+12125550123", PhoneStyle::kInternational),
            "+1 212-555-0123");
  EXPECT_EQ(FormatPhone("+12125550123;ext=45", PhoneStyle::kNational),
            "(212) 555-0123 ext. 45");
  EXPECT_EQ(FormatPhone("nonsense", PhoneStyle::kNational), "nonsense");
}

TEST(PhoneTest, KnowsCountries) {
  EXPECT_EQ(In("us").code(), "US");
  EXPECT_EQ(In("DE"), In("de"));
  for (const char* const code : {"", "U", "USA", "XX", "ZZ", "00", "U\xC3"}) {
    EXPECT_EQ(Country::Create(code).status().code(),
              absl::StatusCode::kInvalidArgument)
        << code;
  }
}

TEST(PhoneTest, TellsNumbersFromNames) {
  for (const char* const text :
       {"2125550123", "(212) 555-0123", "+1 212 555 0123", "555-0123",
        "212 555 0123 ", "212–555–0123", "２１２５５５０１２３"}) {
    EXPECT_TRUE(LooksLikePhone(text)) << text;
  }
  for (const char* const text :
       {"", "555012", "maria 2125550123", "212-555-0123 x4", "1234567a",
        "1234567\xFF", "- - -"}) {
    EXPECT_FALSE(LooksLikePhone(text)) << text;
  }
}

RC_GTEST_PROP(PhonePropertyTest, CanonicalFormsAreFixedPoints, ()) {
  const auto digits = *rc::gen::container<std::string>(
      10, rc::gen::inRange('2', static_cast<char>('9' + 1)));
  const auto phone = ParsePhone(digits, In("US"));
  RC_ASSERT(phone.ok());
  for (const char* const country : {"US", "DE", "IT"}) {
    const auto again = ParsePhone(*phone, In(country));
    RC_ASSERT(again.ok());
    RC_ASSERT(*again == *phone);
  }
  for (const auto style : {PhoneStyle::kNational, PhoneStyle::kInternational}) {
    const auto again = ParsePhone(FormatPhone(*phone, style), In("US"));
    RC_ASSERT(again.ok());
    RC_ASSERT(*again == *phone);
  }
}

// A mark in front takes the long way and means nothing to it.
RC_GTEST_PROP(PhonePropertyTest, TheShortWayOfTheUnitedStatesIsTheLongOne, ()) {
  const Country us = In("US");
  const auto text = *rc::gen::resize(
      18, rc::gen::container<std::string>(rc::gen::elementOf(
              std::string("01234567892345678923456789 ()-."))));
  const auto quick = ParsePhone(text, us);
  const auto slow = ParsePhone("/" + text, us);
  RC_ASSERT(quick.ok() == slow.ok());
  if (quick.ok()) RC_ASSERT(*quick == *slow);
}

RC_GTEST_PROP(PhonePropertyTest, AnyBytesAreParsedOrRefused, ()) {
  const auto phone = ParsePhone(*AnyBytes(), In("US"));
  if (phone.ok()) {
    RC_ASSERT(phone->starts_with('+'));
  } else {
    RC_ASSERT(absl::IsInvalidArgument(phone.status()));
  }
}

TEST(PhoneTest, RefusesWhatWouldReadDifferentlyAgain) {
  // libphonenumber takes one trunk prefix off at each reading.
  EXPECT_FALSE(
      ParsePhone("+55 055 012 335 0 984", *Country::Create("US")).ok());
  EXPECT_FALSE(ParsePhone("+550550123503984", *Country::Create("US")).ok());
}

}  // namespace
}  // namespace sodality::text
