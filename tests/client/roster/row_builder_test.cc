#include "client/roster/row_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace sodality::roster {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

using Header = std::vector<std::string>;
using Values = std::vector<std::string>;

std::map<std::string, Values> Built(const Header& header, const Values& cells,
                                    std::string_view toml = "") {
  const HeaderMap map =
      MapHeader(header, FieldCatalogue::Default(), ParseMapFile(toml).value())
          .value();
  std::map<std::string, Values> fields;
  const RosterRow row = BuildRow(map, {.row = 7, .cells = cells});
  EXPECT_EQ(row.row, 7U);
  for (const Field& field : row.fields) fields[field.name] = field.values;
  return fields;
}

TEST(RowBuilderTest, TrimsCellsAndLeavesBlanksOut) {
  EXPECT_THAT(Built({"email", "phone", "city"}, {" m@example.org ", " ", ""}),
              ElementsAre(Pair("email", ElementsAre("m@example.org"))));
}

TEST(RowBuilderTest, LeavesValuesUnjudged) {
  EXPECT_THAT(Built({"email", "phone"}, {"nonsense", "12"}),
              ElementsAre(Pair("email", ElementsAre("nonsense")),
                          Pair("phone", ElementsAre("12"))));
}

TEST(RowBuilderTest, SplitsLists) {
  EXPECT_THAT(Built({"committees"}, {"Housing; Labor ;;housing"}),
              ElementsAre(Pair("committees", ElementsAre("Housing", "Labor"))));
  EXPECT_THAT(
      Built({"committees"}, {"Arts, Crafts & Music"}),
      ElementsAre(Pair("committees", ElementsAre("Arts, Crafts & Music"))));
  EXPECT_THAT(
      Built({"Groups"}, {"Housing|Labor;North"},
            "[columns]\nGroups = {field = \"committees\", split = "
            "\"|\"}\n"),
      ElementsAre(Pair("committees", ElementsAre("Housing", "Labor;North"))));
}

TEST(RowBuilderTest, CollectsListsFromSeveralColumns) {
  EXPECT_THAT(Built({"committee", "committees"}, {"Labor", "Housing;labor"}),
              ElementsAre(Pair("committees", ElementsAre("Housing", "labor"))));
}

TEST(RowBuilderTest, TakesTheBestColumnThatHasAValue) {
  const Header header = {"work_phone", "home_phone", "mobile_phone"};
  EXPECT_THAT(Built(header, {"1", "2", "3"}),
              ElementsAre(Pair("phone", ElementsAre("3"))));
  EXPECT_THAT(Built(header, {"1", "2", " "}),
              ElementsAre(Pair("phone", ElementsAre("2"))));
}

TEST(RowBuilderTest, JoinsTheLinesOfAnAddress) {
  const Header header = {"address2", "address1", "address3"};
  EXPECT_THAT(Built(header, {"Suite 4", "1 Main St", ""}),
              ElementsAre(Pair("street", ElementsAre("1 Main St, Suite 4"))));
  EXPECT_THAT(Built(header, {"", "1 Main St", "Rear"}),
              ElementsAre(Pair("street", ElementsAre("1 Main St, Rear"))));
}

TEST(RowBuilderTest, TakesARefusalForANoAndNothingForAConsent) {
  EXPECT_THAT(Built({"do_not_call"}, {"TRUE"}),
              ElementsAre(Pair("consent_call", ElementsAre("no"))));
  EXPECT_THAT(Built({"do_not_call"}, {"0"}), IsEmpty());
  EXPECT_THAT(Built({"do_not_call"}, {"perhaps"}),
              ElementsAre(Pair("consent_call", ElementsAre("perhaps"))));
  EXPECT_THAT(Built({"No calls"}, {"yes"},
                    "[columns]\n\"No calls\" = {field = \"consent_call\", "
                    "refusal = true}\n"),
              ElementsAre(Pair("consent_call", ElementsAre("no"))));
}

TEST(RowBuilderTest, LetsARefusalPrevail) {
  const Header header = {"consent_call", "do_not_call", "do_not_contact"};
  EXPECT_THAT(Built(header, {"yes", "", "1"}),
              ElementsAre(Pair("consent_call", ElementsAre("no")),
                          Pair("consent_email", ElementsAre("no")),
                          Pair("consent_text", ElementsAre("no"))));
  EXPECT_THAT(Built(header, {"yes", "no", "no"}),
              ElementsAre(Pair("consent_call", ElementsAre("yes"))));
}

TEST(RowBuilderTest, ReadsSubscriptions) {
  const Header header = {"can2_subscription_status", "can2_sms_status"};
  EXPECT_THAT(Built(header, {"Subscribed", "unsubscribed"}),
              ElementsAre(Pair("consent_email", ElementsAre("yes")),
                          Pair("consent_text", ElementsAre("no"))));
  EXPECT_THAT(Built(header, {"bouncing", ""}), IsEmpty());
}

TEST(RowBuilderTest, PassesOverBirthdaysWithoutAYear) {
  EXPECT_THAT(Built({"Birthday"}, {"--05-06"}), IsEmpty());
  EXPECT_THAT(Built({"Birthday"}, {"1990-05-06"}),
              ElementsAre(Pair("birthday", ElementsAre("1990-05-06"))));
}

TEST(RowBuilderTest, TakesGooglesFirstOfSeveralValues) {
  EXPECT_THAT(Built({"E-mail 1 - Value"}, {"a@example.org ::: b@example.org"}),
              ElementsAre(Pair("email", ElementsAre("a@example.org"))));
  EXPECT_THAT(Built({"skills"}, {"Law ::: Print"}),
              ElementsAre(Pair("skills", ElementsAre("Law", "Print"))));
}

}  // namespace
}  // namespace sodality::roster
