// Pages of a search: who is on them, and what their sizes give away.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/core/directory/directory_fixture.h"

namespace sodality::core {
namespace {

using testing::ElementsAre;
using testing::Pair;
using testing::SizeIs;

class DirectoryPagesTest : public DirectoryFixture {
 protected:
  DirectoryPagesTest() {
    for (int i = 0; i < 25; ++i) {
      all_.insert(chapter_.Add(
          {{"given_name", {"Ana"}}, {"region", {i % 2 ? "East" : "West"}}}));
    }
  }
  SearchQuery Ana(int size, std::string token = "") {
    SearchQuery query = Words({"ana"});
    query.page_size = size;
    query.page_token = std::move(token);
    return query;
  }
  std::set<MemberId> all_;
};

TEST_F(DirectoryPagesTest, PagesHoldEverybodyOnceInIdOrder) {
  chapter_.Give(coordinator_, {});
  std::vector<MemberId> seen;
  std::string token;
  std::vector<size_t> sizes;
  do {
    const auto page = chapter_.Search(coordinator_, Ana(10, token));
    ASSERT_TRUE(page.ok()) << page.status();
    for (const auto& member : page->members) seen.push_back(member.id);
    sizes.push_back(page->members.size());
    token = page->next_page_token;
  } while (!token.empty());
  EXPECT_THAT(sizes, ElementsAre(10, 10, 5));
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  EXPECT_EQ(std::set<MemberId>(seen.begin(), seen.end()), all_);
}

TEST_F(DirectoryPagesTest, TheLastPageThatIsFullSaysSo) {
  chapter_.Give(coordinator_, {});
  const auto page = chapter_.Search(coordinator_, Ana(25));
  ASSERT_TRUE(page.ok());
  EXPECT_THAT(page->members, SizeIs(25));
  EXPECT_EQ(page->next_page_token, "");
}

TEST_F(DirectoryPagesTest, SizesHaveADefaultAndALimit) {
  chapter_.Give(coordinator_, {});
  EXPECT_THAT(chapter_.Search(coordinator_, Ana(0))->members, SizeIs(20));
  EXPECT_THAT(chapter_.Search(coordinator_, Ana(1 << 30))->members, SizeIs(25));
}

TEST_F(DirectoryPagesTest, ATokenOfAnotherGrantIsRefused) {
  const GrantId first = chapter_.Give(coordinator_, {});
  const auto page = chapter_.Search(coordinator_, Ana(10));
  ASSERT_TRUE(page.ok());
  chapter_.End(first);
  chapter_.Give(coordinator_, {});
  EXPECT_THAT(
      chapter_.Search(coordinator_, Ana(10, page->next_page_token)).status(),
      FailsWith(absl::StatusCode::kInvalidArgument, Reason::kBadPageToken));
}

// With tokens of no bits everybody collides with everybody: what keeps members
// apart is plaintext alone.
TEST(DirectoryCollisionTest, CollidingTokensShowNobodyElse) {
  for (const uint8_t bits : {uint8_t{0}, uint8_t{1}}) {
    TestChapter chapter(bits);
    const MemberId east = chapter.Add({{"given_name", {"Ana"}},
                                       {"email", {"a@example.org"}},
                                       {"region", {"East"}}});
    const MemberId west = chapter.Add({{"given_name", {"Ben"}},
                                       {"email", {"b@example.org"}},
                                       {"region", {"West"}}});
    for (const auto& [region, own, other] :
         {std::tuple("East", east, west), std::tuple("West", west, east)}) {
      const Caller caller = chapter.MakeCaller(Role::kCoordinator);
      chapter.Give(caller, {.scopes = {{"region", region}}});
      for (const char* word :
           {"ana", "ben", "a@example.org", "b@example.org"}) {
        SearchQuery query;
        query.words = Secrets({word});
        const auto result = chapter.Search(caller, std::move(query));
        ASSERT_TRUE(result.ok());
        for (const auto& member : result->members) EXPECT_EQ(member.id, own);
      }
      EXPECT_EQ(chapter.Get(caller, {other, std::nullopt, {}}).status(),
                MemberNotFound());
    }
  }
}

TEST(DirectoryCollisionTest, MoreDoesNotTellOfMembersOutsideTheScope) {
  TestChapter chapter(0);
  chapter.Add({{"given_name", {"Ana"}}, {"region", {"East"}}});
  for (int i = 0; i < 60; ++i) {
    chapter.Add({{"given_name", {"Ana"}}, {"region", {"West"}}});
  }
  const Caller caller = chapter.MakeCaller(Role::kCoordinator);
  chapter.Give(caller, {.scopes = {{"region", "East"}}});
  SearchQuery query;
  query.words = Secrets({"ana"});
  query.page_size = 1;
  const auto page = chapter.Search(caller, std::move(query));
  ASSERT_TRUE(page.ok());
  EXPECT_THAT(page->members, SizeIs(1));
  EXPECT_EQ(page->next_page_token, "");
}

// One call opens 2,000 candidates and no more; whoever asks on finds the rest.
TEST(DirectoryCollisionTest, ManyForeignCandidatesAreOnePageEach) {
  TestChapter chapter(0);
  for (int i = 0; i < 2100; ++i) chapter.Add({{"given_name", {"Ben"}}});
  const Caller caller = chapter.MakeCaller(Role::kCoordinator);
  chapter.Give(caller, {});
  const auto pages = [&](const std::string& word) {
    std::vector<std::pair<size_t, bool>> sizes;  // Members; more to come.
    std::string token;
    do {
      SearchQuery query;
      query.words = Secrets({word});
      query.page_size = 1;
      query.page_token = token;
      const auto page = chapter.Search(caller, std::move(query));
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) break;
      token = page->next_page_token;
      sizes.emplace_back(page->members.size(), !token.empty());
    } while (!token.empty());
    return sizes;
  };
  EXPECT_THAT(pages("ana"), ElementsAre(Pair(0, true), Pair(0, false)));
  chapter.Add({{"given_name", {"Ana"}}});
  const auto found = pages("ana");
  size_t members = 0;
  for (const auto& [size, more] : found) members += size;
  EXPECT_EQ(members, 1u);
}

}  // namespace
}  // namespace sodality::core
