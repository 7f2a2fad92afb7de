#include "server/core/page_token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/directory/directory_fixture.h"

namespace sodality::core {
namespace {

SearchQuery Question() {
  SearchQuery query;
  query.words = Secrets({"maria", "gonz"});
  query.filters.push_back({"region", std::move(Secrets({"Bronx"}).front())});
  return query;
}

class PageTokenTest : public testing::Test {
 protected:
  PageOwner Owner(const SearchQuery& query) const {
    return {{{1}}, {{{2}}, 3}, query};
  }
  void ExpectRefused(const PageOwner& owner, const std::string& token) {
    EXPECT_THAT(
        tokens_.Open(owner, token).status(),
        FailsWith(absl::StatusCode::kInvalidArgument, Reason::kBadPageToken));
  }

  platform::FakeClock clock_{Timestamp{1'800'000'000'000}};
  PageTokens tokens_{clock_, crypto::SystemRandom()};
  const MemberId after_{{42}};
};

TEST_F(PageTokenTest, GoesOnWithTheSameQuestion) {
  const SearchQuery query = Question();
  const auto token = tokens_.Seal(Owner(query), after_);
  ASSERT_TRUE(token.ok());
  SearchQuery again = Question();
  again.page_size = 50;
  again.page_token = *token;
  EXPECT_EQ(*tokens_.Open(Owner(again), *token), after_);
}

TEST_F(PageTokenTest, IsOfOneSizeAndNeverTheSame) {
  const SearchQuery query = Question();
  const SearchQuery empty;
  const auto a = tokens_.Seal(Owner(query), after_);
  const auto b = tokens_.Seal(Owner(query), after_);
  const auto c = tokens_.Seal(Owner(empty), MemberId{{1, 2, 3}});
  EXPECT_NE(*a, *b);
  EXPECT_EQ(a->size(), b->size());
  EXPECT_EQ(a->size(), c->size());
}

TEST_F(PageTokenTest, AnotherCallerGrantOrEpochIsRefused) {
  const SearchQuery query = Question();
  const auto token = tokens_.Seal(Owner(query), after_);
  for (const PageOwner& other : {PageOwner{{{9}}, {{{2}}, 3}, query},
                                 PageOwner{{{1}}, {{{9}}, 3}, query},
                                 PageOwner{{{1}}, {{{2}}, 4}, query}}) {
    ExpectRefused(other, *token);
  }
}

TEST_F(PageTokenTest, AnotherQuestionIsRefused) {
  const SearchQuery query = Question();
  const auto token = tokens_.Seal(Owner(query), after_);
  SearchQuery other_words = Question();
  other_words.words = Secrets({"mariagonz"});
  SearchQuery other_order = Question();
  other_order.words = Secrets({"gonz", "maria"});
  SearchQuery other_filter = Question();
  other_filter.filters.front().value = std::move(Secrets({"Queens"}).front());
  SearchQuery other_view = Question();
  other_view.view.reveal = true;
  SearchQuery other_fields = Question();
  other_fields.view.fields = {"phone"};
  SearchQuery other_country = Question();
  other_country.country = "FR";
  for (const SearchQuery* other :
       {&other_words, &other_order, &other_filter, &other_view, &other_fields,
        &other_country}) {
    ExpectRefused(Owner(*other), *token);
  }
}

TEST_F(PageTokenTest, AnHourLaterItIsRefused) {
  const SearchQuery query = Question();
  const auto token = tokens_.Seal(Owner(query), after_);
  clock_.Advance(std::chrono::minutes(59));
  EXPECT_TRUE(tokens_.Open(Owner(query), *token).ok());
  clock_.Advance(std::chrono::minutes(1));
  ExpectRefused(Owner(query), *token);
}

TEST_F(PageTokenTest, AnotherProcessesAndDamagedTokensAreRefused) {
  const SearchQuery query = Question();
  PageTokens other(clock_, crypto::SystemRandom());
  ExpectRefused(Owner(query), *other.Seal(Owner(query), after_));
  std::string damaged = *tokens_.Seal(Owner(query), after_);
  damaged[damaged.size() / 2] ^= 1;
  ExpectRefused(Owner(query), damaged);
  for (const std::string& token :
       {std::string("x"), std::string("===="), std::string(100000, 'A')}) {
    ExpectRefused(Owner(query), token);
  }
}

}  // namespace
}  // namespace sodality::core
