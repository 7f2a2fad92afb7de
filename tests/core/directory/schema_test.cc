#include "server/core/schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace sodality::core {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr char kName[] =
    "[[field]]\nid = 1\nname = \"name\"\nclass = \"basic\"\n"
    "type = \"name\"\nindex = true\n";

std::string ErrorOf(const std::string& toml) {
  const auto schema = Schema::Parse(toml, "schema.toml");
  EXPECT_TRUE(absl::IsInvalidArgument(schema.status())) << toml;
  return std::string(schema.status().message());
}

std::string WithField(const std::string& lines) {
  return std::string(kName) + "[[field]]\n" + lines;  // From line 8.
}

TEST(SchemaTest, DefaultHasTheFieldsOfAChapter) {
  const auto schema = Schema::Parse(Schema::DefaultToml(), "schema.toml");
  ASSERT_TRUE(schema.ok()) << schema.status();
  EXPECT_EQ(schema->fields().size(), 28u);
  EXPECT_EQ(schema->expected_members(), 10000u);
  const FieldSpec* committees = schema->Find("committees");
  ASSERT_NE(committees, nullptr);
  EXPECT_TRUE(committees->is_list && committees->scope && committees->indexed);
  EXPECT_EQ(committees->field_class, FieldClass::kBasic);
  EXPECT_EQ(schema->Find("phone")->field_class, FieldClass::kContact);
  EXPECT_EQ(schema->Find("consent_call")->field_class, FieldClass::kContact);
  EXPECT_EQ(schema->Find("birthday")->field_class, FieldClass::kSensitive);
  EXPECT_EQ(schema->unique_field(), schema->Find("external_id"));
  EXPECT_FALSE(schema->Find("region")->self_edit);
  EXPECT_EQ(schema->Find("suffix"), nullptr);
  EXPECT_EQ(schema->Find("website"), nullptr);
}

TEST(SchemaTest, DefaultSaysForHowManyMembersItIsPlanned) {
  const auto schema = Schema::Parse(Schema::DefaultToml(250'000), "s");
  ASSERT_TRUE(schema.ok()) << schema.status();
  EXPECT_EQ(schema->expected_members(), 250'000u);
}

TEST(SchemaTest, FieldsKeepTheirOrderAndAreFoundById) {
  const auto schema = Schema::Parse(Schema::DefaultToml(), "schema.toml");
  ASSERT_TRUE(schema.ok());
  EXPECT_EQ(schema->fields().front().name, "given_name");
  EXPECT_EQ(schema->Find(uint16_t{7})->name, "email");
  EXPECT_EQ(schema->Find(uint16_t{999}), nullptr);
}

TEST(SchemaTest, SyntaxErrorNamesItsLine) {
  EXPECT_THAT(ErrorOf(std::string(kName) + "class = \"open"),
              StartsWith("schema.toml:7: "));
}

TEST(SchemaTest, UnknownKeyNamesItsLine) {
  EXPECT_THAT(ErrorOf(WithField("id = 2\nlabel = \"x\"\n")),
              StartsWith("schema.toml:9: unknown key label"));
  EXPECT_THAT(ErrorOf("[charter]\n" + std::string(kName)),
              StartsWith("schema.toml:1: unknown key charter"));
}

TEST(SchemaTest, BadIdIsRefused) {
  for (const char* id : {"0", "1000", "-1", "\"2\"", "2.5"}) {
    EXPECT_THAT(ErrorOf(WithField(std::string("id = ") + id + "\n")),
                StartsWith("schema.toml:8: id is a number from 1 to 999"));
  }
}

TEST(SchemaTest, IdAndNameAreTakenOnce) {
  EXPECT_THAT(ErrorOf(WithField("id = 1\nname = \"city\"\nclass = \"basic\"\n"
                                "type = \"text\"\n")),
              StartsWith("schema.toml:8: id 1 is taken by name"));
  EXPECT_THAT(ErrorOf(WithField("id = 2\nname = \"name\"\nclass = \"basic\"\n"
                                "type = \"text\"\n")),
              StartsWith("schema.toml:9: name is there twice"));
}

TEST(SchemaTest, NameHasAFixedAlphabet) {
  for (const char* name : {"", "Name", "2nd", "e-mail", "na me", "café"}) {
    EXPECT_THAT(
        ErrorOf(WithField(std::string("id = 2\nname = \"") + name + "\"\n")),
        StartsWith("schema.toml:9: name is a-z"));
  }
}

TEST(SchemaTest, UnknownClassAndTypeNameWhatThereIs) {
  EXPECT_THAT(ErrorOf(WithField("id = 2\nname = \"x\"\nclass = \"secret\"\n")),
              AllOf(StartsWith("schema.toml:10: "), HasSubstr("basic")));
  EXPECT_THAT(ErrorOf(WithField("id = 2\nname = \"x\"\nclass = \"basic\"\n"
                                "type = \"blob\"\n")),
              AllOf(StartsWith("schema.toml:11: "), HasSubstr("boolean")));
}

TEST(SchemaTest, MissingKeyNamesTheTablesLine) {
  EXPECT_THAT(ErrorOf(WithField("id = 2\n")),
              StartsWith("schema.toml:7: name = \"...\" is needed"));
}

TEST(SchemaTest, FlagsAreBooleans) {
  EXPECT_THAT(ErrorOf(WithField("id = 2\nname = \"x\"\nclass = \"basic\"\n"
                                "type = \"text\"\nindex = \"yes\"\n")),
              StartsWith("schema.toml:12: index is true or false"));
}

TEST(SchemaTest, CombinationsWithoutSenseAreRefused) {
  const std::string field = "id = 2\nname = \"x\"\nclass = \"basic\"\n";
  for (const char* rest :
       {"type = \"name\"\n", "type = \"boolean\"\nindex = true\n",
        "type = \"text\"\nindex = true\nscope = true\n",
        "type = \"tag\"\nscope = true\n", "type = \"text\"\nunique = true\n",
        "type = \"text\"\nindex = true\nunique = true\nlist = true\n"}) {
    EXPECT_THAT(ErrorOf(WithField(field + rest)), StartsWith("schema.toml:1"))
        << rest;
  }
}

TEST(SchemaTest, OnlyOneFieldIsUnique) {
  const std::string unique =
      "class = \"basic\"\ntype = \"text\"\nindex = true\nunique = true\n";
  EXPECT_THAT(ErrorOf(WithField("id = 2\nname = \"a\"\n" + unique +
                                "[[field]]\nid = 3\nname = \"b\"\n" + unique)),
              HasSubstr("only one field is unique, and a is"));
}

TEST(SchemaTest, AChapterNeedsNames) {
  EXPECT_THAT(ErrorOf(""), HasSubstr("no [[field]] of type \"name\""));
  EXPECT_THAT(ErrorOf("field = 3\n"), StartsWith("schema.toml:1: "));
}

TEST(SchemaTest, FieldsAreTwoHundredAtMost) {
  const auto fields = [](int count) {
    std::string toml = kName;
    for (int id = 2; id <= count; ++id) {
      absl::StrAppend(&toml, "[[field]]\nid = ", id, "\nname = \"f", id,
                      "\"\nclass = \"basic\"\ntype = \"text\"\n");
    }
    return toml;
  };
  EXPECT_TRUE(Schema::Parse(fields(200), "s").ok());
  EXPECT_THAT(ErrorOf(fields(201)), HasSubstr("more than 200 fields"));
}

TEST(SchemaTest, WhatTheParserWouldNotReadIsNamedByLine) {
  EXPECT_THAT(ErrorOf("# plain\n\xc3\xa9 = 1\n"),
              StartsWith("schema.toml:2: "));
}

TEST(SchemaTest, ExpectedMembersAreRead) {
  const auto schema = Schema::Parse(
      "[chapter]\nexpected_members = 250000\n" + std::string(kName), "s");
  ASSERT_TRUE(schema.ok()) << schema.status();
  EXPECT_EQ(schema->expected_members(), 250000u);
  EXPECT_THAT(ErrorOf("chapter = 3\n"), HasSubstr("written as [chapter]"));
  EXPECT_THAT(ErrorOf("[chapter]\nexpected_members = 0\n"),
              StartsWith("schema.toml:2: "));
}

}  // namespace
}  // namespace sodality::core
