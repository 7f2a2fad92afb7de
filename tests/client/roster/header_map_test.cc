#include "client/roster/header_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/status/status.h"

namespace sodality::roster {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Header = std::vector<std::string>;

MapFile Map(std::string_view toml) { return ParseMapFile(toml).value(); }

// "field=column+column" for each field, in order.
std::vector<std::string> Fields(const Header& header, const HeaderMap& map) {
  std::vector<std::string> fields;
  for (const FieldPlan& plan : map.fields) {
    std::string text = plan.field + "=";
    for (const ColumnUse& use : plan.columns) {
      if (!text.ends_with('=')) text += "+";
      text += header[use.column];
    }
    fields.push_back(text);
  }
  return fields;
}

std::vector<std::string> Mapped(const Header& header,
                                std::string_view toml = "") {
  const auto map = MapHeader(header, FieldCatalogue::Default(), Map(toml));
  if (!map.ok()) return {std::string(map.status().message())};
  return Fields(header, *map);
}

std::vector<std::string> Unmapped(const Header& header,
                                  std::string_view toml = "") {
  return MapHeader(header, FieldCatalogue::Default(), Map(toml))
      .value()
      .unmapped;
}

TEST(HeaderMapTest, MapsEveryFieldByItsOwnName) {
  const FieldCatalogue catalogue = FieldCatalogue::Default();
  for (const auto& [field, is_list] : catalogue.fields()) {
    EXPECT_THAT(Mapped({field}), ElementsAre(field + "=" + field));
  }
}

TEST(HeaderMapTest, ComparesNamesLoosely) {
  EXPECT_THAT(Mapped({"Given Name"}), ElementsAre("given_name=Given Name"));
  EXPECT_THAT(Mapped({"POSTAL-CODE"}), ElementsAre("postal_code=POSTAL-CODE"));
  EXPECT_THAT(Mapped({"E-mail"}), ElementsAre("email=E-mail"));
  EXPECT_THAT(Mapped({"first_name"}), ElementsAre("given_name=first_name"));
  EXPECT_THAT(Mapped({"Prénom", "zip"}), ElementsAre("postal_code=zip"));
}

TEST(HeaderMapTest, ReportsColumnsNobodyReads) {
  EXPECT_THAT(Unmapped({"email", "caucus", "", "T-shirt size"}),
              ElementsAre("caucus", "column 3", "T-shirt size"));
  EXPECT_THAT(Unmapped({"email"}), IsEmpty());
}

TEST(HeaderMapTest, PrefersTheFieldsNameToAliases) {
  EXPECT_THAT(Mapped({"work_phone", "mobile_phone", "phone"}),
              ElementsAre("phone=phone+mobile_phone+work_phone"));
  EXPECT_THAT(Mapped({"email2", "email1", "email"}),
              ElementsAre("email=email+email1+email2"));
}

TEST(HeaderMapTest, ReadsAnExternalIdFromOneColumnOnly) {
  const Header header = {"uuid", "AK_ID", "External Identifier"};
  EXPECT_THAT(Mapped(header), ElementsAre("external_id=External Identifier"));
  EXPECT_THAT(Unmapped(header), ElementsAre("uuid", "AK_ID"));
}

TEST(HeaderMapTest, TakesAnAddressFromOneGroup) {
  const Header header = {"billing_address1", "billing_city", "mailing_address1",
                         "mailing_address2", "mailing_city", "zip",
                         "mailing_zip",      "country"};
  EXPECT_THAT(Mapped(header),
              ElementsAre("city=mailing_city", "country=country",
                          "postal_code=mailing_zip",
                          "street=mailing_address1+mailing_address2"));
  EXPECT_THAT(Unmapped(header),
              ElementsAre("billing_address1", "billing_city", "zip"));
}

TEST(HeaderMapTest, TakesPlainAddressesToo) {
  EXPECT_THAT(Mapped({"address2", "address1", "city", "state", "zip"}),
              ElementsAre("city=city", "postal_code=zip", "state=state",
                          "street=address1+address2"));
}

TEST(HeaderMapTest, ReadsAFullNameOnlyIfNothingElseGivesAName) {
  EXPECT_THAT(Mapped({"Name", "email"}),
              ElementsAre("email=email", "given_name=Name"));
  EXPECT_THAT(Mapped({"full_name", "Display Name"}),
              ElementsAre("given_name=full_name"));
  const Header header = {"Name", "Last Name"};
  EXPECT_THAT(Mapped(header), ElementsAre("family_name=Last Name"));
  EXPECT_THAT(Unmapped(header), ElementsAre("Name"));
}

TEST(HeaderMapTest, FollowsTheMapBeforeNamesAndAliases) {
  EXPECT_THAT(Mapped({"phone", "Handy"}, "[columns]\nHandy = \"phone\"\n"),
              ElementsAre("phone=Handy"));
  EXPECT_THAT(Mapped({"first_name", "email"},
                     "[columns]\nfirst_name = \"preferred_name\"\n"),
              ElementsAre("email=email", "preferred_name=first_name"));
  EXPECT_THAT(Unmapped({"phone", "Handy"}, "[columns]\nHandy = \"phone\"\n"),
              ElementsAre("phone"));
}

TEST(HeaderMapTest, JoinsTheStreetLinesThatAMapNames) {
  EXPECT_THAT(Mapped({"Line B", "Line A"},
                     "[columns]\n\"Line A\" = "
                     "\"street\"\n\"Line B\" = "
                     "\"street\"\n"),
              ElementsAre("street=Line B+Line A"));
}

TEST(HeaderMapTest, IgnoresColumnsOnRequest) {
  const std::string_view toml = "ignore = [\"Caucus\", \"email\", \"absent\"]";
  EXPECT_THAT(Mapped({"caucus", "email", "phone"}, toml),
              ElementsAre("phone=phone"));
  EXPECT_THAT(Unmapped({"caucus", "email", "phone"}, toml), IsEmpty());
}

TEST(HeaderMapTest, RefusesMapsThatDoNotFit) {
  EXPECT_THAT(Mapped({"email"}, "[columns]\nemail = \"e_mail\"\n"),
              ElementsAre("map, line 2: there is no field \"e_mail\""));
  EXPECT_THAT(Mapped({"email"}, "[columns]\nMail = \"email\"\n"),
              ElementsAre("map, line 2: the file has no column \"Mail\""));
}

TEST(HeaderMapTest, RefusesHeadersWithoutAnyField) {
  EXPECT_EQ(MapHeader(Header{"x", "y"}, FieldCatalogue::Default(), {})
                .status()
                .code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_FALSE(MapHeader({}, FieldCatalogue::Default(), {}).ok());
}

TEST(HeaderMapTest, KnowsOnlyTheFieldsOfTheSchema) {
  const std::vector<SchemaField> schema = {{.name = "email", .is_list = true},
                                           {.name = "t_shirt"}};
  const Header header = {"email1", "email2", "T-Shirt", "first_name"};
  const auto map = MapHeader(header, FieldCatalogue::FromSchema(schema), {});
  ASSERT_TRUE(map.ok());
  EXPECT_THAT(Fields(header, *map),
              ElementsAre("email=email1+email2", "t_shirt=T-Shirt"));
  EXPECT_EQ(map->fields[0].combination, Combination::kAll);
  EXPECT_THAT(map->unmapped, ElementsAre("first_name"));
}

}  // namespace
}  // namespace sodality::roster
