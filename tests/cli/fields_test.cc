#include "client/cli/fields.h"

#include <gtest/gtest.h>

#include "client/roster/field_catalogue.h"

namespace sodality::cli {
namespace {

absl::StatusOr<std::vector<Field>> Parse(std::vector<std::string> given) {
  return ParseFields(given, roster::FieldCatalogue::Default());
}

TEST(FieldsTest, ListsSplitAndRepeat) {
  const auto fields =
      Parse({"committees=Housing; Labor", "city=Bronx", "committees=Tech"});
  ASSERT_TRUE(fields.ok()) << fields.status();
  ASSERT_EQ(fields->size(), 2u);
  EXPECT_EQ((*fields)[0], (Field{"committees", {"Housing", "Labor", "Tech"}}));
  EXPECT_EQ((*fields)[1], (Field{"city", {"Bronx"}}));
}

TEST(FieldsTest, SemicolonsOfTextStay) {
  const auto fields = Parse({"notes=one; two"});
  ASSERT_TRUE(fields.ok());
  EXPECT_EQ((*fields)[0].values, std::vector<std::string>{"one; two"});
}

TEST(FieldsTest, AnEmptyValueClears) {
  const auto fields = Parse({"notes=", "committees="});
  ASSERT_TRUE(fields.ok());
  EXPECT_TRUE((*fields)[0].values.empty());
  EXPECT_TRUE((*fields)[1].values.empty());
}

TEST(FieldsTest, OneValueIsNotGivenTwice) {
  const auto fields = Parse({"city=Bronx", "city=Queens"});
  EXPECT_EQ(fields.status().message(),
            "city is given twice but holds one value");
}

}  // namespace
}  // namespace sodality::cli
