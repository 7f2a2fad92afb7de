#include "text/query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "absl/status/status.h"
#include "tests/text/some_text.h"

namespace sodality::text {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

absl::StatusOr<Query> Classified(const std::vector<std::string>& words) {
  return ClassifyQuery(words, Country::Create("US").value());
}

std::vector<std::string> Names(const Query& query) {
  std::vector<std::string> names;
  for (const QueryWord& word : query.names) names.push_back(word.text);
  return names;
}

TEST(QueryTest, TakesWordsForNames) {
  const Query query = Classified({"maria", "Gonz"}).value();
  EXPECT_THAT(Names(query), ElementsAre("maria", "gonz"));
  EXPECT_THAT(query.emails, IsEmpty());
  EXPECT_FALSE(query.phone.has_value());
}

TEST(QueryTest, TakesAWordWithAtForAnAddress) {
  const Query query = Classified({"Maria@Example.ORG"}).value();
  EXPECT_THAT(query.emails, ElementsAre("maria@example.org"));
  EXPECT_THAT(query.names, IsEmpty());
}

TEST(QueryTest, TakesSevenDigitsForATelephone) {
  const std::vector<std::vector<std::string>> spellings = {
      {"2125550123"},
      {"(212)", "555-0123"},
      {"+1", "212", "555", "0123"},
      {"212.555.0123"}};
  for (const auto& words : spellings) {
    const Query query = Classified(words).value();
    EXPECT_EQ(query.phone, "+12125550123");
    EXPECT_THAT(query.names, IsEmpty());
  }
}

TEST(QueryTest, TakesFewDigitsForAName) {
  const Query query = Classified({"555", "012"}).value();
  EXPECT_FALSE(query.phone.has_value());
  EXPECT_THAT(Names(query), ElementsAre("555", "012"));
}

TEST(QueryTest, CombinesKinds) {
  const Query named = Classified({"maria", "m@example.org"}).value();
  EXPECT_THAT(Names(named), ElementsAre("maria"));
  EXPECT_THAT(named.emails, ElementsAre("m@example.org"));
  const Query dialled = Classified({"m@example.org", "2125550123"}).value();
  EXPECT_EQ(dialled.phone, "+12125550123");
  EXPECT_THAT(dialled.emails, ElementsAre("m@example.org"));
  EXPECT_THAT(Names(Classified({"maria", "2125550123"}).value()),
              ElementsAre("maria", "2125550123"));
}

TEST(QueryTest, RefusesWithoutRepeatingTheWords) {
  const std::vector<std::vector<std::string>> refused = {
      {},          {""},
      {"?!", "-"}, {"secretname@"},
      {"@"},       {"999", "9999", "9999", "9999", "9999"},
      {"\xFF"},    std::vector<std::string>(17, "secretname")};
  for (const auto& words : refused) {
    const auto query = Classified(words);
    ASSERT_EQ(query.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(query.status().message()),
                Not(HasSubstr("secretname")));
  }
}

RC_GTEST_PROP(QueryPropertyTest, AQueryHasAConditionOrIsRefused, ()) {
  const auto words = *rc::gen::resize(
      4, rc::gen::container<std::vector<std::string>>(AnyBytes()));
  const auto query = Classified(words);
  if (query.ok()) {
    RC_ASSERT(!query->names.empty() || !query->emails.empty() ||
              query->phone.has_value());
  } else {
    RC_ASSERT(absl::IsInvalidArgument(query.status()));
  }
}

}  // namespace
}  // namespace sodality::text
