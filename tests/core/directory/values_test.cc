#include "server/core/values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/core/directory/directory_fixture.h"

namespace sodality::core {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

FieldSpec Spec(FieldType type, bool is_list = false) {
  FieldSpec spec;
  spec.name = "thing";
  spec.type = type;
  spec.is_list = is_list;
  return spec;
}

absl::StatusOr<ValueList> Canonical(const FieldSpec& spec,
                                    const std::vector<std::string>& values) {
  return Canonicalise(spec, Secrets(values), *text::Country::Create("US"));
}

std::string One(FieldType type, const std::string& value) {
  const auto list = Canonical(Spec(type), {value});
  if (!list.ok()) return "error: " + std::string(list.status().message());
  return list->empty() ? "" : std::string(list->views().front());
}

TEST(ValuesTest, EachTypeHasACanonicalForm) {
  EXPECT_EQ(One(FieldType::kText, "  Apt 4\n"), "Apt 4");
  EXPECT_EQ(One(FieldType::kName, "José"), "José");
  EXPECT_EQ(One(FieldType::kEmail, " Maria@Example.ORG "), "maria@example.org");
  EXPECT_EQ(One(FieldType::kPhone, "(212) 555-0123"), "+12125550123");
  EXPECT_EQ(One(FieldType::kDate, "5/6/2019"), "2019-05-06");
  EXPECT_EQ(One(FieldType::kBoolean, "Yes"), "true");
  EXPECT_EQ(One(FieldType::kBoolean, "0"), "false");
  EXPECT_EQ(One(FieldType::kTag, "Bronx "), "Bronx");
}

TEST(ValuesTest, BlanksAreNoValues) {
  for (const char* blank : {"", " ", "\t\n"}) {
    EXPECT_EQ(One(FieldType::kPhone, blank), "");
  }
}

TEST(ValuesTest, WhatIsNoValueIsRefusedWithoutRepeatingIt) {
  const std::string marker = "zebra";
  for (const auto& [type, value] :
       std::vector<std::pair<FieldType, std::string>>{
           {FieldType::kText, "zebra\xff"},
           {FieldType::kText, std::string("zebra\0x", 7)},
           {FieldType::kText, "zebra\u202e"},
           {FieldType::kName, "zebra\nzebra"},
           {FieldType::kName, "zebra" + std::string(600, 'a')},
           {FieldType::kText, "zebra" + std::string(kMaxValueBytes, 'a')},
           {FieldType::kEmail, "zebra"},
           {FieldType::kPhone, "zebra"},
           {FieldType::kDate, "zebra"},
           {FieldType::kBoolean, "zebra"},
           {FieldType::kTag, "..."}}) {
    const auto list = Canonical(Spec(type), {value});
    ASSERT_THAT(list.status(), FailsWith(absl::StatusCode::kInvalidArgument,
                                         Reason::kInvalidValue));
    EXPECT_EQ(GetErrorInfo(list.status()).field, "thing");
    EXPECT_THAT(std::string(list.status().message()), Not(HasSubstr(marker)));
  }
}

// Each is a token, and how many are equal depends on how they are cut.
TEST(ValuesTest, NamesHaveSoManyWordsAndNoMore) {
  std::vector<std::string> names;
  for (int i = 0; i < 60; ++i) {
    std::string name;
    for (int j = 0; j < 60; ++j) {
      name += "n" + std::to_string(i) + "x" + std::to_string(j) + " ";
    }
    names.push_back(name);
  }
  const auto list = Canonical(Spec(FieldType::kName, true), names);
  ASSERT_THAT(list.status(), FailsWith(absl::StatusCode::kInvalidArgument,
                                       Reason::kInvalidValue));
  EXPECT_THAT(std::string(list.status().message()), HasSubstr("2,048 words"));
  EXPECT_TRUE(Canonical(Spec(FieldType::kTag, true), names).ok());
  names.resize(4);
  EXPECT_TRUE(Canonical(Spec(FieldType::kName, true), names).ok());
  // The longest name there may be, of characters that are words of their own.
  std::string dense;
  for (int i = 0; i < 170; ++i) {
    dense += {'\xe4', static_cast<char>('\xb8' + i / 60),
              static_cast<char>('\x80' + i % 60)};
  }
  EXPECT_TRUE(Canonical(Spec(FieldType::kName), {dense}).ok());
}

TEST(ValuesTest, NotesMayHaveLines) {
  EXPECT_EQ(One(FieldType::kText, "a\nb"), "a\nb");
}

TEST(ValuesTest, ListsDropBlanksAndRepetitions) {
  const auto list = Canonical(Spec(FieldType::kTag, /*is_list=*/true),
                              {"Housing", "", "housing", "Labor"});
  ASSERT_TRUE(list.ok());
  EXPECT_THAT(list->views(), ElementsAre("Housing", "Labor"));
}

TEST(ValuesTest, OnlyListsTakeSeveralValues) {
  EXPECT_THAT(
      Canonical(Spec(FieldType::kText), {"a", "b"}).status(),
      FailsWith(absl::StatusCode::kInvalidArgument, Reason::kInvalidValue));
  EXPECT_TRUE(Canonical(Spec(FieldType::kText), {"a", "A "}).ok());
}

TEST(ValuesTest, TooManyOrTooMuchIsRefused) {
  std::vector<std::string> values(kMaxValues + 1, "a");
  EXPECT_FALSE(Canonical(Spec(FieldType::kText, true), values).ok());
  values.clear();
  for (size_t i = 0; i < kMaxValues; ++i) {
    values.push_back(std::to_string(i + 100) +
                     std::string(kMaxValueBytes - 3, 'a'));
  }
  EXPECT_FALSE(Canonical(Spec(FieldType::kText, true), values).ok());
}

TEST(ValuesTest, PhonesCompareWithoutTheirExtension) {
  const FieldSpec phone = Spec(FieldType::kPhone);
  EXPECT_EQ(ComparedForm(phone, One(FieldType::kPhone, "212-555-0123 ext. 4")),
            "+12125550123");
  EXPECT_EQ(ComparedForm(Spec(FieldType::kTag), "Housing & Labor"),
            ComparedForm(Spec(FieldType::kTag), "housing and labor"));
  EXPECT_EQ(ComparedForm(Spec(FieldType::kText), "LUJÁN"), "lujan");
}

TEST(ValueListTest, ComesBackFromItsEncoding) {
  const std::string_view values[] = {"one", "", "three"};
  const ValueList list = ValueList::Encode(values);
  const auto decoded = ValueList::Decode(list.encoded().Clone());
  ASSERT_TRUE(decoded.ok());
  EXPECT_THAT(decoded->views(), ElementsAre("one", "", "three"));
  EXPECT_TRUE(*decoded == list);
  EXPECT_THAT(ValueList::Encode({}).views(), IsEmpty());
}

TEST(ValueListTest, OtherBytesAreNoList) {
  for (const std::string& bytes :
       {std::string(), std::string("\0", 1), std::string("\1", 1),
        std::string("\1\3\0ab", 5), std::string("\1\1\0ab", 5),
        std::string("\2\1\0a", 4)}) {
    const auto list =
        ValueList::Decode(crypto::Plaintext::CopyOf(crypto::AsBytes(bytes)));
    EXPECT_TRUE(absl::IsDataLoss(list.status())) << bytes.size();
  }
}

}  // namespace
}  // namespace sodality::core
