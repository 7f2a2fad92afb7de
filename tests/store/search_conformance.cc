// What a store answers to searches.
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "tests/store/conformance.h"
#include "tests/store/sample.h"

namespace sodality::store {
namespace {

using testing::ElementsAreArray;
using testing::IsEmpty;
using testing::SizeIs;

// Random members over few tokens, and what a search must find among them.
class SearchModel final {
 public:
  uint32_t Draw(uint32_t below) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<uint32_t>((state_ >> 33) % below);
  }
  PutMember Put(uint32_t number, uint64_t expected) {
    PutMember member = PutOf(number, expected);
    for (uint32_t i = Draw(6); i > 0; --i) {
      // Token 0 has most members, token 39 few.
      member.tokens.push_back(TokenOf(Draw(Draw(40) + 1)));
    }
    tokens_[member.id] = member.tokens;
    return member;
  }
  void Erase(uint32_t number) { tokens_.erase(MemberOf(number)); }

  TokenQuery DrawQuery() {
    TokenQuery query;
    query.all_of.resize(Draw(4));
    for (auto& group : query.all_of) {
      for (uint32_t i = 1 + Draw(4); i > 0; --i) {
        group.push_back(TokenOf(Draw(40)));
      }
    }
    return query;
  }
  std::vector<MemberId> Find(const TokenQuery& query) const {
    std::vector<MemberId> found;
    for (const auto& [id, tokens] : tokens_) {
      const auto has = [&tokens = tokens](const IndexToken& token) {
        return std::ranges::find(tokens, token) != tokens.end();
      };
      if (std::ranges::all_of(query.all_of, [&](const auto& group) {
            return std::ranges::any_of(group, has);
          })) {
        found.push_back(id);
      }
    }
    return found;
  }

 private:
  std::map<MemberId, std::vector<IndexToken>> tokens_;
  uint64_t state_ = 42;
};

std::vector<MemberId> AllPages(MemberStore& store, const TokenQuery& query,
                               size_t limit) {
  std::vector<MemberId> found;
  std::optional<MemberId> after;
  while (true) {
    const auto page = store.Find(query, after, limit);
    EXPECT_TRUE(page.ok()) << page.status();
    if (!page.ok()) return found;
    for (const MemberRecord& record : *page) found.push_back(record.id);
    if (page->size() < limit) return found;
    after = found.back();
  }
}

TEST_P(StoreConformance, AnyTokenOfAGroupAndEveryGroupMustMatch) {
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(1, 0, {1, 2}))).ok());
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(2, 0, {2, 3}))).ok());
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(3, 0, {1, 3}))).ok());
  const auto count = [&](std::vector<std::vector<IndexToken>> all_of) {
    return store_->Find({std::move(all_of)}, std::nullopt, 10)->size();
  };
  const IndexToken a = TokenOf(1);
  const IndexToken b = TokenOf(2);
  const IndexToken c = TokenOf(3);
  EXPECT_EQ(count({{a}}), 2u);
  EXPECT_EQ(count({{a, b}}), 3u);
  EXPECT_EQ(count({{a}, {b}}), 1u);
  EXPECT_EQ(count({{a}, {b}, {c}}), 0u);
  EXPECT_EQ(count({{a, b}, {c}}), 2u);
  EXPECT_EQ(count({{a, a, a}}), 2u);
  EXPECT_EQ(count({{TokenOf(4)}}), 0u);
  EXPECT_EQ(count({{}}), 0u);
  EXPECT_EQ(count({{a}, {}}), 0u);
  EXPECT_EQ(count({}), 3u);
}

TEST_P(StoreConformance, TokensDifferByVersionAndSlotToo) {
  PutMember put = PutOf(1, 0);
  put.tokens = {{0xffff, 0xffff, 0xffffffff}, {2, 3, 4}, {2, 3, 4}};
  ASSERT_TRUE(Apply(*store_, WriteOf(put)).ok());
  const auto found = [&](IndexToken token) {
    return store_->Find({{{token}}}, std::nullopt, 10)->size();
  };
  EXPECT_EQ(found({2, 3, 4}), 1u);
  EXPECT_EQ(found({0xffff, 0xffff, 0xffffffff}), 1u);
  EXPECT_EQ(found({1, 3, 4}), 0u);
  EXPECT_EQ(found({2, 2, 4}), 0u);
  EXPECT_EQ(found({2, 3, 5}), 0u);
}

TEST_P(StoreConformance, AnUpdatePutsTheNewTokensForTheOld) {
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(1, 0, {1, 2}))).ok());
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(1, 1, {2, 3}))).ok());
  EXPECT_THAT(*store_->Find({{{TokenOf(1)}}}, std::nullopt, 9), IsEmpty());
  EXPECT_THAT(*store_->Find({{{TokenOf(2)}}}, std::nullopt, 9), SizeIs(1));
  EXPECT_THAT(*store_->Find({{{TokenOf(3)}}}, std::nullopt, 9), SizeIs(1));
}

TEST_P(StoreConformance, SearchAgreesWithAModelPageByPage) {
  constexpr uint32_t kMembers = 1500;
  SearchModel model;
  for (uint32_t from = 0; from < kMembers; from += 500) {
    Write write = EmptyWrite();
    for (uint32_t i = from; i < from + 500; ++i) {
      write.put_members.push_back(model.Put(i, 0));
    }
    ASSERT_TRUE(Apply(*store_, write).ok());
  }
  Write change = EmptyWrite();
  for (uint32_t i = 0; i < kMembers; i += 3) {
    if (i % 2 == 0) {
      change.put_members.push_back(model.Put(i, 1));
    } else {
      change.erase_members.push_back({MemberOf(i), 1});
      model.Erase(i);
    }
  }
  ASSERT_TRUE(Apply(*store_, change).ok());

  for (int round = 0; round < 200; ++round) {
    const TokenQuery query = model.DrawQuery();
    const size_t limit = 1 + model.Draw(400);
    EXPECT_EQ(AllPages(*store_, query, limit), model.Find(query))
        << "round " << round;
  }
}

std::vector<MemberId> Holders(MemberStore& store, const HolderQuery& query) {
  std::vector<MemberId> found;
  const absl::Status visited =
      store.VisitHolders(query, [&](const MemberRecord& record) {
        EXPECT_EQ(record.sealed, PutOf(0, 0).sealed);
        found.push_back(record.id);
        return absl::OkStatus();
      });
  EXPECT_TRUE(visited.ok()) << visited;
  return found;
}

TEST_P(StoreConformance, HoldersOfAnyTokenAreVisitedOnceInIdOrder) {
  SearchModel model;
  Write write = EmptyWrite();
  for (uint32_t i = 0; i < 300; ++i) {
    write.put_members.push_back(model.Put(i, 0));
    write.put_members.back().sealed = PutOf(0, 0).sealed;
  }
  ASSERT_TRUE(Apply(*store_, write).ok());
  for (const std::vector<uint32_t>& bits :
       {std::vector<uint32_t>{}, {39}, {41}, {0, 1, 2, 39}}) {
    std::vector<IndexToken> tokens;
    for (const uint32_t each : bits) tokens.push_back(TokenOf(each));
    EXPECT_EQ(Holders(*store_, {tokens, {}}), model.Find({{tokens}}));
  }
}

// Few members are looked at one by one, many are not.
TEST_P(StoreConformance, HoldersWithATokenInASlotAreLeftOut) {
  constexpr uint32_t kMembers = 300;
  constexpr IndexSlot kSlot = {1, 2};
  Write write = EmptyWrite();
  std::set<MemberId> all;
  std::set<MemberId> some;
  for (uint32_t i = 0; i < kMembers; ++i) {
    PutMember put = PutOf(i, 0, {7});
    put.sealed = PutOf(0, 0).sealed;
    if (i < 3) put.tokens.push_back(TokenOf(8));
    if (i % 2 == 0) put.tokens.push_back({1, 2, 0xffffffff - i});
    if (i % 2 == 1) put.tokens.push_back({2, 2, i});
    if (i % 2 == 1) all.insert(put.id);
    if (i == 1) some.insert(put.id);
    write.put_members.push_back(std::move(put));
  }
  ASSERT_TRUE(Apply(*store_, write).ok());
  EXPECT_THAT(Holders(*store_, {{TokenOf(7)}, {kSlot}}), ElementsAreArray(all));
  EXPECT_THAT(Holders(*store_, {{TokenOf(8)}, {kSlot}}),
              ElementsAreArray(some));
  for (const uint32_t bits : {7U, 8U}) {
    EXPECT_THAT(Holders(*store_, {{TokenOf(bits)}, {kSlot, {2, 2}}}),
                IsEmpty());
    EXPECT_EQ(Holders(*store_, {{TokenOf(bits)}, {{1, 3}, {3, 2}}}),
              Holders(*store_, {{TokenOf(bits)}, {}}));
  }
}

TEST_P(StoreConformance, AVisitEndsWithTheVisitorsError) {
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(1, 0, {7}))).ok());
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(2, 0, {7}))).ok());
  int visits = 0;
  const absl::Status visited =
      store_->VisitHolders({{TokenOf(7)}, {}}, [&](const MemberRecord&) {
        ++visits;
        return absl::AbortedError("enough");
      });
  EXPECT_EQ(visited, absl::AbortedError("enough"));
  EXPECT_EQ(visits, 1);
}

TEST_P(StoreConformance, APageMayBeginBehindAnIdThatIsNotThere) {
  PutMember put = PutOf(1, 0, {7});
  put.id.bytes.fill(0x40);
  ASSERT_TRUE(Apply(*store_, WriteOf(put)).ok());
  MemberId before = put.id;
  MemberId behind = put.id;
  --before.bytes[15];
  ++behind.bytes[15];
  for (const TokenQuery& query : {TokenQuery{}, TokenQuery{{{TokenOf(7)}}}}) {
    EXPECT_THAT(store_->Find(query, before, 10).value(), SizeIs(1));
    EXPECT_THAT(store_->Find(query, put.id, 10).value(), IsEmpty());
    EXPECT_THAT(store_->Find(query, behind, 10).value(), IsEmpty());
  }
  EXPECT_THAT(store_->ListMembers(before, 10).value(), SizeIs(1));
  EXPECT_THAT(store_->ListMembers(put.id, 10).value(), IsEmpty());
}

TEST_P(StoreConformance, TheFirstAndTheLastIdAreFound) {
  PutMember least = PutOf(1, 0, {7});
  PutMember greatest = PutOf(2, 0, {7});
  least.id.bytes.fill(0);
  greatest.id.bytes.fill(0xff);
  ASSERT_TRUE(Apply(*store_, WriteOf(least)).ok());
  ASSERT_TRUE(Apply(*store_, WriteOf(greatest)).ok());
  for (const TokenQuery& query : {TokenQuery{}, TokenQuery{{{TokenOf(7)}}}}) {
    EXPECT_THAT(store_->Find(query, std::nullopt, 10).value(), SizeIs(2));
    EXPECT_THAT(store_->Find(query, least.id, 10).value(), SizeIs(1));
    EXPECT_THAT(store_->Find(query, greatest.id, 10).value(), IsEmpty());
  }
  EXPECT_TRUE(store_->Get(least.id).ok());
  EXPECT_TRUE(store_->Get(greatest.id).ok());
}

}  // namespace
}  // namespace sodality::store
