// What may be wrong with members or the machine when an index key is rotated.
#include <gmock/gmock.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tests/core/access/index_rotation_fixture.h"

namespace sodality::core {
namespace {

using absl::StatusCode;

class IndexRotationFaultsTest : public IndexRotationFixture {};

TEST_F(IndexRotationFaultsTest, ADamagedRecordKeepsItOpenAndRepeatsNoWork) {
  auto puts = Seal(1100);
  puts[500].sealed[20] ^= 1;
  ASSERT_TRUE(Put(puts).ok());
  ASSERT_TRUE(StartIndex().ok());
  EXPECT_EQ(Run().code(), StatusCode::kDataLoss);
  const auto acts = KeyActs();
  EXPECT_EQ(Run().code(), StatusCode::kDataLoss);
  EXPECT_EQ(KeyActs(), acts);
  EXPECT_TRUE(rotation().Status()->rotation);
}

TEST_F(IndexRotationFaultsTest, ManyWordsComeUnderLongerTokens) {
  std::mt19937 random(1);
  Member member = Member::New(crypto::SystemRandom());
  for (const FieldSpec& spec : chapter_->schema().fields()) {
    if (spec.type != FieldType::kName) continue;
    std::vector<std::string> names;
    for (int i = 0; i < 16; ++i) {
      std::string& name = names.emplace_back();
      for (int j = 0; j < 100; ++j) {
        name += {'\xe4', static_cast<char>(0xb8 + random() % 8),
                 static_cast<char>(0x80 + random() % 64)};
      }
    }
    const std::vector<std::string_view> views(names.begin(), names.end());
    member.Set(spec.id, ValueList::Encode(views));
  }
  const Members members = *Members::Create(chapter_->directory_parts());
  ASSERT_TRUE(Put({*members.sealer().Seal(member)}).ok());
  ASSERT_TRUE(Put(Seal(10)).ok());
  ASSERT_TRUE(StartIndex().ok());
  EXPECT_GT(members.index()->TokensOf(member.fields)->size(), 4096u);
  ASSERT_TRUE(Run().ok());
  ExpectAllMetOnce(10);
}

TEST_F(IndexRotationFaultsTest, TokensThatNobodyAsksForAreRefusedAtAStart) {
  const auto early = Seal(1);
  ASSERT_TRUE(StartIndex().ok());
  ASSERT_TRUE(Run().ok());
  ASSERT_TRUE(Restart().ok());
  ASSERT_TRUE(Put(early).ok());  // By a process that nobody has told.
  const absl::Status refused = Restart();
  EXPECT_EQ(refused.code(), StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()),
              testing::HasSubstr("the database is older than the keyring"));
}

TEST_F(IndexRotationFaultsTest, AClockThatWasSetBackBeginsTheHourAnew) {
  clock_.Advance(-std::chrono::hours(10));
  EXPECT_FALSE(rotation().Step().value());
  clock_.Advance(std::chrono::minutes(59));
  EXPECT_FALSE(rotation().Step().value());
  clock_.Advance(std::chrono::minutes(1));
  EXPECT_TRUE(rotation().Step().value());
}

}  // namespace
}  // namespace sodality::core
