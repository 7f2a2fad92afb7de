// Over records that change their wrap key while they are written and read, and
// over when a version is retired.
#include <gmock/gmock.h>

#include <utility>
#include <vector>

#include "tests/store/conformance.h"
#include "tests/store/sample.h"

namespace sodality::store {
namespace {

using absl::StatusCode;
using testing::ElementsAre;
using testing::SizeIs;

RewrapMember RewrapOf(uint32_t number, uint64_t revision, uint32_t version) {
  return {MemberOf(number), revision, version, BytesOf("rewrapped")};
}

Write RewrapsOf(std::vector<RewrapMember> rewraps) {
  Write write = EmptyWrite();
  write.rewrap_members = std::move(rewraps);
  return write;
}

Write RetireOf(uint32_t version) {
  Write write = EmptyWrite();
  write.retire_wrap_below = version;
  return write;
}

TEST_P(StoreConformance, ARewrapChangesTheSealAlone) {
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(1, 0, {7}))).ok());
  const MemberRecord before = store_->Get(MemberOf(1)).value();
  ASSERT_TRUE(Apply(*store_, RewrapsOf({RewrapOf(1, 1, 2)})).ok());
  const MemberRecord after = store_->Get(MemberOf(1)).value();
  EXPECT_EQ(after.sealed, BytesOf("rewrapped"));
  EXPECT_EQ(after.revision, before.revision);
  EXPECT_EQ(after.changed_at, before.changed_at);
  EXPECT_THAT(store_->Find({{{TokenOf(7)}}}, std::nullopt, 10).value(),
              SizeIs(1));
  EXPECT_THAT(store_->Counts()->members_by_wrap_version,
              ElementsAre(std::pair(2u, 1u)));
}

TEST_P(StoreConformance, ARewrapOfWhatHasChangedIsWithoutEffect) {
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(1, 0))).ok());
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(1, 1))).ok());
  const Bytes before = store_->Get(MemberOf(1))->sealed;
  // Of an older revision, of nobody, and under what it is under already.
  EXPECT_EQ(
      CodeOf(Apply(*store_, RewrapsOf({RewrapOf(1, 1, 2), RewrapOf(9, 1, 2)}))),
      StatusCode::kOk);
  EXPECT_EQ(CodeOf(Apply(*store_, RewrapsOf({RewrapOf(1, 2, 1)}))),
            StatusCode::kOk);
  EXPECT_EQ(store_->Get(MemberOf(1))->sealed, before);
  EXPECT_THAT(store_->Counts()->members_by_wrap_version,
              ElementsAre(std::pair(1u, 1u)));
}

TEST_P(StoreConformance, ARewrapIsHeldToTheLimitsOfAWrite) {
  EXPECT_EQ(
      CodeOf(Apply(*store_, RewrapsOf({RewrapOf(1, 1, 2), RewrapOf(1, 1, 2)}))),
      StatusCode::kInvalidArgument);
  std::vector<RewrapMember> many;
  for (uint32_t i = 0; i <= 1000; ++i) many.push_back(RewrapOf(i, 1, 2));
  EXPECT_EQ(CodeOf(Apply(*store_, RewrapsOf(std::move(many)))),
            StatusCode::kInvalidArgument);
  RewrapMember large = RewrapOf(1, 1, 2);
  large.sealed.resize((4 << 20) + 1);
  EXPECT_EQ(CodeOf(Apply(*store_, RewrapsOf({std::move(large)}))),
            StatusCode::kInvalidArgument);
}

TEST_P(StoreConformance, AVersionIsRetiredWhenNoMemberIsUnderIt) {
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(1, 0))).ok());
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(2, 0))).ok());
  EXPECT_EQ(CodeOf(Apply(*store_, RetireOf(2))), StatusCode::kAborted);
  Write last = RewrapsOf({RewrapOf(1, 1, 2)});
  last.retire_wrap_below = 2;
  EXPECT_EQ(CodeOf(Apply(*store_, last)), StatusCode::kAborted);
  EXPECT_THAT(store_->Counts()->members_by_wrap_version,
              ElementsAre(std::pair(1u, 2u)));  // Nothing of it was done.
  last.erase_members.push_back({MemberOf(2), 1});
  EXPECT_EQ(CodeOf(Apply(*store_, last)), StatusCode::kOk);

  // A put that was sealed before and comes late.
  EXPECT_EQ(CodeOf(Apply(*store_, WriteOf(PutOf(3, 0)))), StatusCode::kAborted);
  PutMember put = PutOf(3, 0);
  put.wrap_version = 2;
  EXPECT_EQ(CodeOf(Apply(*store_, WriteOf(std::move(put)))), StatusCode::kOk);
  EXPECT_EQ(CodeOf(Apply(*store_, RetireOf(2))), StatusCode::kOk);
}

// What stands in one transaction is counted as it will be after it.
TEST_P(StoreConformance, ARetirementSeesTheWritesOfItsOwnGroup) {
  Answers answers(3);
  store_->Submit(WriteOf(PutOf(1, 0)), answers.For(0));
  store_->Submit(RetireOf(2), answers.For(1));
  store_->Submit(RewrapsOf({RewrapOf(1, 1, 2)}), answers.For(2));
  const auto codes = answers.Wait();
  EXPECT_EQ(CodeOf(codes[0]), StatusCode::kOk);
  EXPECT_EQ(CodeOf(codes[1]), StatusCode::kAborted);
  EXPECT_EQ(CodeOf(codes[2]), StatusCode::kOk);
  EXPECT_EQ(CodeOf(Apply(*store_, RetireOf(2))), StatusCode::kOk);
}

}  // namespace
}  // namespace sodality::store
