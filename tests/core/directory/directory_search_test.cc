// What a search finds, and within which scope.
// Read next: directory_pages_test.cc.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "server/core/directory.h"
#include "tests/core/directory/directory_fixture.h"

namespace sodality::core {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Key;
using testing::Not;
using testing::SizeIs;
using testing::UnorderedElementsAre;

class DirectorySearchTest : public DirectoryFixture {
 protected:
  absl::StatusOr<SearchResult> Search(SearchQuery query) {
    return chapter_.Search(coordinator_, std::move(query));
  }
  SearchQuery Both(SearchQuery words, SearchQuery where) {
    words.filters = std::move(where.filters);
    return words;
  }
  void ExpectUnknown(SearchQuery query, const absl::Status& like) {
    const absl::Status status = Search(std::move(query)).status();
    EXPECT_EQ(status.code(), like.code());
    EXPECT_EQ(status.message(), like.message());
    EXPECT_EQ(GetErrorInfo(status).reason, Reason::kUnknownField);
    EXPECT_EQ(GetErrorInfo(status).hint, GetErrorInfo(like).hint);
  }

  const MemberId maria_ = chapter_.Add({{"given_name", {"Maria"}},
                                        {"family_name", {"González"}},
                                        {"email", {"maria@example.org"}},
                                        {"phone", {"212 555 0123"}},
                                        {"state", {"New York"}},
                                        {"consent_call", {"yes"}},
                                        {"region", {"Bronx"}},
                                        {"committees", {"Housing", "Labor"}}});
  const MemberId mario_ = chapter_.Add({{"given_name", {"Mario"}},
                                        {"family_name", {"Lu"}},
                                        {"email", {"mario@example.org"}},
                                        {"phone", {"+1 646 555 0100"}},
                                        {"region", {"Queens"}},
                                        {"committees", {"Housing"}}});
};

TEST_F(DirectorySearchTest, WordsAreAndedPrefixesOfNames) {
  chapter_.Give(coordinator_, {});
  EXPECT_THAT(Found(Words({"mar"})), UnorderedElementsAre(maria_, mario_));
  EXPECT_THAT(Found(Words({"MARIA"})), ElementsAre(maria_));
  EXPECT_THAT(Found(Words({"gonzal", "mar"})), ElementsAre(maria_));
  EXPECT_THAT(Found(Words({"mar", "gonzo"})), IsEmpty());
  EXPECT_THAT(Found(Words({"lu"})), ElementsAre(mario_));
  EXPECT_THAT(Found(Words({"ma"})), IsEmpty());
}

TEST_F(DirectorySearchTest, EmailsAreExact) {
  chapter_.Give(coordinator_, {});
  EXPECT_THAT(Found(Words({"Maria@Example.org"})), ElementsAre(maria_));
  EXPECT_THAT(Found(Words({"aria@example.org"})), IsEmpty());
  EXPECT_THAT(Found(Words({"maria@example.org", "mario@example.org"})),
              IsEmpty());
  EXPECT_THAT(Found(Words({"gonz", "maria@example.org"})), ElementsAre(maria_));
}

TEST_F(DirectorySearchTest, PhonesAreFoundInAnySpelling) {
  chapter_.Give(coordinator_, {});
  for (const std::vector<std::string>& spelling :
       {std::vector<std::string>{"212", "555", "0123"},
        std::vector<std::string>{"(212) 555-0123"},
        std::vector<std::string>{"+1.212.555.0123"},
        std::vector<std::string>{"1-212-5550123"}}) {
    EXPECT_THAT(Found(Words(spelling)), ElementsAre(maria_));
  }
  SearchQuery abroad = Words({"212 555 0123"});
  abroad.country = "DE";
  EXPECT_THAT(Found(std::move(abroad)), IsEmpty());
}

TEST_F(DirectorySearchTest, FiltersAreExactOnAnyField) {
  chapter_.Give(coordinator_, {});
  EXPECT_THAT(Found(Where("committees", "labor")), ElementsAre(maria_));
  EXPECT_THAT(Found(Where("committees", "Housing")),
              UnorderedElementsAre(maria_, mario_));
  EXPECT_THAT(Found(Where("committees", "Hous")), IsEmpty());
  EXPECT_THAT(Found(Where("given_name", "maría")), ElementsAre(maria_));
  EXPECT_THAT(Found(Where("given_name", "Mar")), IsEmpty());
  EXPECT_THAT(Found(Where("state", "new york")), ElementsAre(maria_));
  EXPECT_THAT(Found(Where("consent_call", "1")), ElementsAre(maria_));
  EXPECT_THAT(Found(Where("phone", "646-555-0100")), ElementsAre(mario_));
  EXPECT_THAT(Found(Both(Words({"mar"}), Where("region", "Queens"))),
              ElementsAre(mario_));
}

TEST_F(DirectorySearchTest, ScopeBoundsEveryQuestion) {
  chapter_.Give(coordinator_, {.scopes = {{"region", "bronx"}}});
  EXPECT_THAT(Found(Words({"mar"})), ElementsAre(maria_));
  EXPECT_THAT(Found(Words({"mario@example.org"})), IsEmpty());
  EXPECT_THAT(Found(Where("region", "Queens")), IsEmpty());
  EXPECT_THAT(Found(Where("committees", "Housing")), ElementsAre(maria_));
}

TEST_F(DirectorySearchTest, AFieldOutsideTheGrantAnswersLikeOneThatIsNot) {
  chapter_.Give(coordinator_, {.classes = {FieldClass::kBasic}});
  const absl::Status unknown = Search(Where("nonsense", "x")).status();
  EXPECT_THAT(unknown, FailsWith(absl::StatusCode::kInvalidArgument,
                                 Reason::kUnknownField));
  ExpectUnknown(Where("phone", "212 555 0123"), unknown);
  ExpectUnknown(Where("phone", "not a phone"), unknown);
  ExpectUnknown(Where("notes", ""), unknown);
  ExpectUnknown(Words({"maria@example.org"}), unknown);
  ExpectUnknown(Words({"212 555 0123"}), unknown);
  SearchQuery view = Words({"maria"});
  view.view.fields = {"phone"};
  ExpectUnknown(std::move(view), unknown);
}

TEST_F(DirectorySearchTest, NamesTakeAClassThatHasThem) {
  chapter_.Give(coordinator_, {.classes = {FieldClass::kContact}});
  EXPECT_THAT(
      Search(Words({"maria"})).status(),
      FailsWith(absl::StatusCode::kInvalidArgument, Reason::kUnknownField));
  EXPECT_THAT(Found(Words({"maria@example.org"})), ElementsAre(maria_));
}

TEST_F(DirectorySearchTest, WhatCannotBeLookedForIsRefused) {
  chapter_.Give(coordinator_, {});
  const auto refused =
      FailsWith(absl::StatusCode::kInvalidArgument, Reason::kInvalidValue);
  EXPECT_THAT(Search({}).status(), refused);
  EXPECT_THAT(Search(Words({"..."})).status(), refused);
  EXPECT_THAT(Search(Words({"a@b@c"})).status(), refused);
  EXPECT_THAT(Search(Words({"mar\xff"})).status(), refused);
  EXPECT_THAT(Search(Words(std::vector<std::string>(9, "mar"))).status(),
              refused);
  EXPECT_THAT(Search(Words({std::string(257, 'a')})).status(), refused);
  SearchQuery filters;
  for (int i = 0; i < 9; ++i) {
    filters.filters.push_back(
        std::move(Where("region", "East").filters.front()));
  }
  EXPECT_THAT(Search(std::move(filters)).status(), refused);
  EXPECT_THAT(Search(Where("region", " ")).status(), refused);
  EXPECT_THAT(Search(Where("phone", "x")).status(), refused);
  SearchQuery country = Words({"mar"});
  country.country = "Atlantis";
  EXPECT_THAT(Search(std::move(country)).status(), refused);
  SearchQuery size = Words({"mar"});
  size.page_size = -1;
  EXPECT_THAT(Search(std::move(size)).status(), refused);
}

TEST_F(DirectorySearchTest, EveryRowIsOneRecordedReveal) {
  chapter_.Give(coordinator_, {});
  ASSERT_THAT(Found(Words({"mar"})), SizeIs(2));
  EXPECT_EQ(chapter_.ledger.last().action, Action::kSearch);
  EXPECT_THAT(chapter_.ledger.last().members, SizeIs(2));
  ASSERT_THAT(Found(Words({"nobody"})), IsEmpty());
  EXPECT_EQ(chapter_.ledger.last().action, Action::kSearch);
  EXPECT_THAT(chapter_.ledger.last().members, IsEmpty());
}

TEST_F(DirectorySearchTest, ABudgetThatDoesNotSufficeShowsNothing) {
  chapter_.Give(coordinator_, {.budget = {.in_all = 1}});
  EXPECT_THAT(Search(Words({"mar"})).status(),
              FailsWith(absl::StatusCode::kResourceExhausted,
                        Reason::kBudgetExhausted));
  EXPECT_THAT(Found(Words({"maria"})), ElementsAre(maria_));
}

TEST_F(DirectorySearchTest, RowsAreMaskedAsGetIs) {
  chapter_.Give(coordinator_, {});
  const auto masked = Search(Words({"maria@example.org"}));
  ASSERT_TRUE(masked.ok());
  ASSERT_THAT(masked->members, SizeIs(1));
  EXPECT_THAT(ShownIn(masked->members[0]), Not(Contains(Key("email"))));
  EXPECT_THAT(HiddenIn(masked->members[0]), Contains("email"));
  SearchQuery reveal = Words({"maria"});
  reveal.view.reveal = true;
  EXPECT_THAT(ShownIn(Search(std::move(reveal))->members[0]),
              Contains(Key("email")));
}

// Else an answer could be recorded and charged, and be too long to send.
TEST_F(DirectorySearchTest, APageOfLongRecordsEndsEarlyAndGoesOn) {
  chapter_.Give(coordinator_, {});
  const std::string text(16000, 'x');
  for (int i = 0; i < 90; ++i) {
    chapter_.Add({{"given_name", {"Oona"}},
                  {"notes", {text}},
                  {"accessibility", {text}}});
  }
  std::set<MemberId> seen;
  SearchQuery query = Words({"oona"});
  query.view.reveal = true;
  query.page_size = 100;
  const auto first = Search(std::move(query));
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_LT(first->members.size(), 90u);
  EXPECT_GT(first->members.size(), 50u);
  SearchQuery rest = Words({"oona"});
  rest.view.reveal = true;
  rest.page_size = 100;
  rest.page_token = first->next_page_token;
  const auto second = Search(std::move(rest));
  ASSERT_TRUE(second.ok()) << second.status();
  for (const auto& member : first->members) seen.insert(member.id);
  for (const auto& member : second->members) seen.insert(member.id);
  EXPECT_EQ(seen.size(), 90u);
  EXPECT_EQ(first->members.size() + second->members.size(), 90u);
  EXPECT_EQ(second->next_page_token, "");
}

}  // namespace
}  // namespace sodality::core
