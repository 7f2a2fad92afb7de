// Over members that are found by other tokens while they are written and read,
// and over when an index version is retired.
#include <gmock/gmock.h>

#include <utility>
#include <vector>

#include "server/store/limits.h"
#include "tests/store/conformance.h"
#include "tests/store/sample.h"

namespace sodality::store {
namespace {

using absl::StatusCode;
using testing::ElementsAre;

IndexToken NewToken(uint32_t bits) { return {2, 1, bits}; }

RetokenMember RetokenOf(uint32_t number, uint64_t revision, uint32_t bits) {
  return {MemberOf(number), revision, {NewToken(bits)}};
}

Write RetokensOf(std::vector<RetokenMember> retokens) {
  Write write = EmptyWrite();
  write.retoken_members = std::move(retokens);
  return write;
}

Write RetireIndexOf(uint16_t version) {
  Write write = EmptyWrite();
  write.retire_index_below = version;
  return write;
}

std::vector<MemberId> FoundBy(MemberStore& store,
                              const std::vector<IndexToken>& any_of) {
  std::vector<MemberId> found;
  const auto records = store.Find({{any_of}}, std::nullopt, 10).value();
  for (const MemberRecord& record : records) {
    found.push_back(record.id);
  }
  return found;
}

TEST_P(StoreConformance, ARetokenChangesTheTokensAlone) {
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(1, 0, {7, 8}))).ok());
  const MemberRecord before = store_->Get(MemberOf(1)).value();
  EXPECT_EQ(before.wrap_version, 1u);
  const Write write = RetokensOf({RetokenOf(1, 1, 5)});
  ASSERT_TRUE(Apply(*store_, write).ok());
  ASSERT_TRUE(Apply(*store_, write).ok());  // Again: nothing is changed.
  const MemberRecord after = store_->Get(MemberOf(1)).value();
  EXPECT_EQ(after.sealed, before.sealed);
  EXPECT_EQ(after.revision, before.revision);
  EXPECT_EQ(after.changed_at, before.changed_at);
  EXPECT_THAT(FoundBy(*store_, {TokenOf(7), TokenOf(8)}), ElementsAre());
  EXPECT_THAT(FoundBy(*store_, {NewToken(5)}), ElementsAre(MemberOf(1)));
  EXPECT_EQ(before.oldest_index_version, 1u);
  EXPECT_EQ(after.oldest_index_version, 2u);
  // What a later write takes away is what is there now.
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(1, 1, {9}))).ok());
  EXPECT_THAT(FoundBy(*store_, {NewToken(5)}), ElementsAre());
}

// Some of them old, some new: each is found once by a question of both.
TEST_P(StoreConformance, AQuestionOfTwoVersionsFindsEverybodyOnce) {
  for (uint32_t number = 1; number <= 4; ++number) {
    ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(number, 0, {7}))).ok());
  }
  ASSERT_TRUE(
      Apply(*store_, RetokensOf({RetokenOf(2, 1, 7), RetokenOf(3, 1, 7)}))
          .ok());
  EXPECT_EQ(FoundBy(*store_, {TokenOf(7), NewToken(7)}).size(), 4u);
  EXPECT_EQ(store_->Counts()->oldest_index_version, 1u);
  EXPECT_EQ(FoundBy(*store_, {TokenOf(7)}).size(), 2u);
}

TEST_P(StoreConformance, ARetokenOfWhatHasChangedIsWithoutEffect) {
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(1, 0, {7}))).ok());
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(1, 1, {8}))).ok());
  // Of an older revision, and of nobody.
  EXPECT_EQ(
      CodeOf(Apply(*store_, RetokensOf({RetokenOf(1, 1, 5), RetokenOf(9, 1, 5),
                                        RetokenOf(8, 0, 5)}))),
      StatusCode::kOk);
  EXPECT_THAT(FoundBy(*store_, {TokenOf(8)}), ElementsAre(MemberOf(1)));
  EXPECT_THAT(FoundBy(*store_, {NewToken(5)}), ElementsAre());
}

TEST_P(StoreConformance, ARetokenIsHeldToTheLimitsOfAWrite) {
  EXPECT_EQ(CodeOf(Apply(*store_,
                         RetokensOf({RetokenOf(1, 1, 2), RetokenOf(1, 1, 3)}))),
            StatusCode::kInvalidArgument);
  std::vector<RetokenMember> many;
  for (uint32_t i = 0; i <= 1000; ++i) many.push_back(RetokenOf(i, 1, 2));
  EXPECT_EQ(CodeOf(Apply(*store_, RetokensOf(std::move(many)))),
            StatusCode::kInvalidArgument);
  RetokenMember large = RetokenOf(1, 1, 2);
  large.tokens.resize(kMaxTokensPerMember + 1);
  EXPECT_EQ(CodeOf(Apply(*store_, RetokensOf({std::move(large)}))),
            StatusCode::kInvalidArgument);
}

TEST_P(StoreConformance, AnIndexVersionIsRetiredWhenNobodyHasItsTokens) {
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(1, 0, {7}))).ok());
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(2, 0, {7}))).ok());
  ASSERT_TRUE(Apply(*store_, RetokensOf({RetokenOf(1, 1, 5)})).ok());
  EXPECT_EQ(CodeOf(Apply(*store_, RetireIndexOf(2))), StatusCode::kAborted);
  // Not retired, so writes with them go on.
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(2, 1, {8}))).ok());
  // In the same write as the last.
  Write last = RetokensOf({RetokenOf(2, 2, 5)});
  last.retire_index_below = 2;
  ASSERT_TRUE(Apply(*store_, std::move(last)).ok());
  EXPECT_EQ(CodeOf(Apply(*store_, WriteOf(PutOf(2, 2, {7})))),
            StatusCode::kAborted);
  RetokenMember back = RetokenOf(2, 2, 5);
  back.tokens = {TokenOf(7)};
  EXPECT_EQ(CodeOf(Apply(*store_, RetokensOf({back}))), StatusCode::kAborted);
  EXPECT_EQ(FoundBy(*store_, {NewToken(5)}).size(), 2u);
  EXPECT_EQ(store_->Counts()->oldest_index_version, 2u);
  RetokenMember none = RetokenOf(1, 1, 5);
  none.tokens.clear();
  ASSERT_TRUE(Apply(*store_, RetokensOf({none})).ok());
  EXPECT_EQ(store_->Get(MemberOf(1))->oldest_index_version, 0u);
  ASSERT_TRUE(Apply(*store_, WriteOf(EraseMember{MemberOf(2), 2})).ok());
  EXPECT_EQ(store_->Counts()->oldest_index_version, 0u);
}

}  // namespace
}  // namespace sodality::store
