#include "crypto/token.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <map>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/crypto/hex.h"
#include "tests/crypto/seeded_random.h"

namespace sodality::crypto {
namespace {

double FalseMatches(const TokenLoad& load) {
  return static_cast<double>(load.members) * load.tokens_per_member /
         std::exp2(PlanTokenBits(load));
}

rc::Gen<TokenLoad> LoadOf(TokenKind kind, uint64_t fewest_members) {
  return rc::gen::map(
      rc::gen::pair(rc::gen::inRange<uint64_t>(fewest_members, 50'000'000),
                    rc::gen::inRange<uint32_t>(1, 60)),
      [kind](const std::pair<uint64_t, uint32_t>& load) {
        return TokenLoad{kind, load.first, load.second};
      });
}

RC_GTEST_PROP(PlanTokenBitsProperty, ExactKindsHaveTwoToEightFalseMatches, ()) {
  const TokenLoad load = *LoadOf(TokenKind::kExact, 2);
  const double matches = FalseMatches(load);
  RC_ASSERT(matches >= 2);
  // The chapter may double before 8 is passed.
  const bool within = PlanTokenBits(load) == 32 || 2 * matches <= 8;
  RC_ASSERT(within);
}

RC_GTEST_PROP(PlanTokenBitsProperty, WordsKeepTheCipherSweetBound, ()) {
  const TokenLoad load = *LoadOf(TokenKind::kWord, 16);
  const double matches = FalseMatches(load);
  RC_ASSERT(matches >= 2);
  RC_ASSERT(matches < std::sqrt(static_cast<double>(load.members)));
}

RC_GTEST_PROP(PlanTokenBitsProperty, SmallChaptersKeepTheLowerBound, ()) {
  const uint64_t members = *rc::gen::inRange<uint64_t>(2, 16);
  RC_ASSERT(FalseMatches({TokenKind::kWord, members, 1}) >= 2);
}

RC_GTEST_PROP(PlanTokenBitsProperty, WhatIsPlannedIsNotOutgrown, ()) {
  const TokenLoad load{*rc::gen::element(TokenKind::kExact, TokenKind::kWord),
                       *rc::gen::inRange<uint64_t>(0, 1 << 30),
                       *rc::gen::inRange<uint32_t>(1, 9)};
  RC_ASSERT(!IsOutgrown(load, PlanTokenBits(load)));
}

TEST(PlanTokenBitsTest, OutgrownIsWhatLeavesTheBounds) {
  const auto exact = [](uint64_t members) {
    return IsOutgrown({TokenKind::kExact, members, 1}, 12);
  };
  EXPECT_TRUE(exact(8'191));
  EXPECT_FALSE(exact(8'192));
  EXPECT_FALSE(exact(32'768));
  EXPECT_TRUE(exact(32'769));
  const auto word = [](uint64_t members) {
    return IsOutgrown({TokenKind::kWord, members, 4}, 11);
  };
  EXPECT_TRUE(word(1'023));
  EXPECT_FALSE(word(1'024));
  EXPECT_FALSE(word(262'144));  // 512 matches of 262,144 members.
  EXPECT_TRUE(word(263'000));
}

TEST(PlanTokenBitsTest, PlansAsTheDocumentSays) {
  EXPECT_EQ(PlanTokenBits({TokenKind::kExact, 0, 1}), 0);
  EXPECT_EQ(PlanTokenBits({TokenKind::kExact, 1, 1}), 0);
  EXPECT_EQ(PlanTokenBits({TokenKind::kExact, 10'000, 1}), 12);
  EXPECT_EQ(PlanTokenBits({TokenKind::kExact, 1'000'000, 1}), 18);
  EXPECT_EQ(PlanTokenBits({TokenKind::kWord, 10'000, 1}), 9);
  EXPECT_EQ(PlanTokenBits({TokenKind::kWord, 10'000, 8}), 12);
}

class TokenDeriverTest : public testing::Test {
 protected:
  static constexpr SlotPlan kSlots[] = {{9, 32}, {1, 12}, {2, 12}, {3, 0}};
  SeededRandom random_{11};
  const IndexKey key_ = IndexKey::Generate(random_);
  const TokenDeriver deriver_ = TokenDeriver::Create(key_, 5, kSlots).value();
};

TEST_F(TokenDeriverTest, TheSameValueGivesTheSameToken) {
  const auto token = deriver_.Derive(1, "gonzalez");
  ASSERT_TRUE(token.ok());
  EXPECT_EQ(token->index_version, 5);
  EXPECT_EQ(token->slot, 1);
  EXPECT_EQ(*token, *deriver_.Derive(1, "gonzalez"));
}

TEST_F(TokenDeriverTest, SlotsAndKeysAreApart) {
  const auto wide =
      TokenDeriver::Create(key_, 5, std::vector<SlotPlan>{{1, 32}, {2, 32}});
  const auto rekeyed = TokenDeriver::Create(IndexKey::Generate(random_), 5,
                                            std::vector<SlotPlan>{{1, 32}});
  EXPECT_NE(wide->Derive(1, "maria")->bits, wide->Derive(2, "maria")->bits);
  EXPECT_NE(wide->Derive(1, "maria")->bits, rekeyed->Derive(1, "maria")->bits);
}

TEST_F(TokenDeriverTest, KeepsOnlyThePlannedBits) {
  uint32_t seen = 0;
  uint32_t seen_wide = 0;
  for (int i = 0; i < 500; ++i) {
    const std::string word = absl::StrCat("w", i);
    seen |= deriver_.Derive(1, word)->bits;
    seen_wide |= deriver_.Derive(9, word)->bits;
    EXPECT_EQ(deriver_.Derive(3, word)->bits, 0u);
  }
  EXPECT_EQ(seen, 0xfffu);
  EXPECT_EQ(seen_wide, 0xffffffffu);
}

// 4,000 values over 2^12 groups: no group is far from its share, so truncation
// makes several members share a token, as planned.
TEST_F(TokenDeriverTest, SpreadsValuesEvenly) {
  std::map<uint32_t, int> groups;
  for (int i = 0; i < 4000; ++i) {
    ++groups[deriver_.Derive(1, absl::StrCat("member", i))->bits];
  }
  int largest = 0;
  for (const auto& [bits, size] : groups) largest = std::max(largest, size);
  EXPECT_LT(largest, 12);
  EXPECT_NEAR(static_cast<double>(groups.size()), 4096 * (1 - std::exp(-0.977)),
              100);
}

TEST_F(TokenDeriverTest, RefusesAnUnplannedSlotAndBadPlans) {
  EXPECT_TRUE(absl::IsInvalidArgument(deriver_.Derive(4, "x").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      TokenDeriver::Create(key_, 1, std::vector<SlotPlan>{{1, 33}}).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      TokenDeriver::Create(key_, 1, std::vector<SlotPlan>{{1, 3}, {1, 4}})
          .status()));
}

}  // namespace
}  // namespace sodality::crypto
