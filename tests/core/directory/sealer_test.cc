#include "server/core/sealer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "server/core/members.h"
#include "tests/core/directory/directory_fixture.h"
#include "text/normalise.h"

namespace sodality::core {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::Field;

ValueList Values(const std::vector<std::string_view>& values) {
  return ValueList::Encode(values);
}

class SealerTest : public testing::Test {
 protected:
  SealerTest() : members_(*Members::Create(chapter_.parts)) {}

  const Sealer& sealer() const { return members_.sealer(); }
  Member Maria() const {
    Member member = Member::New(crypto::SystemRandom());
    member.Set(1, Values({"Maria"}));
    member.Set(15, Values({"Housing", "Labor"}));
    return member;
  }
  static store::MemberRecord Stored(store::PutMember put) {
    return {put.id, put.expected + 1, 0, std::move(put.sealed)};
  }

  TestChapter chapter_{20};
  Members members_;
};

TEST_F(SealerTest, OpenGivesWhatWasSealed) {
  const Member maria = Maria();
  auto put = sealer().Seal(maria);
  ASSERT_TRUE(put.ok()) << put.status();
  EXPECT_EQ(put->expected, 0u);
  auto opened = sealer().Open(Stored(*std::move(put)));
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->id(), maria.id);
  EXPECT_EQ(opened->revision(), 1u);
  EXPECT_EQ(*opened->Value(2), nullptr);
  EXPECT_THAT((*opened->Value(15))->views(), ElementsAre("Housing", "Labor"));
  EXPECT_THAT(opened->Take(1)->views(), ElementsAre("Maria"));
  EXPECT_TRUE(opened->Take(3)->empty());
  EXPECT_TRUE(opened->LedgerKey()->Equals(maria.ledger_key));
}

TEST_F(SealerTest, AWriteCarriesEverythingAlong) {
  Member maria = Maria();
  maria.Set(777, Values({"of a field that the schema no longer has"}));
  const auto opened = sealer().Open(Stored(*sealer().Seal(maria)));
  auto all = opened->All();
  ASSERT_TRUE(all.ok());
  EXPECT_EQ(all->revision, 1u);
  all->Set(1, Values({"Mary"}));
  all->Set(15, {});
  const auto again = sealer().Open(Stored(*sealer().Seal(*all)))->All();
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->revision, 2u);
  EXPECT_EQ(again->Find(15), nullptr);
  EXPECT_THAT(again->Find(1)->views(), ElementsAre("Mary"));
  EXPECT_EQ(again->Find(777)->views().size(), 1u);
  EXPECT_TRUE(again->ledger_key.Equals(maria.ledger_key));
}

TEST_F(SealerTest, ARecordOpensInItsPlaceAlone) {
  const store::MemberRecord record = Stored(*sealer().Seal(Maria()));
  store::MemberRecord other_member = record;
  other_member.id.bytes[0] ^= 1;
  store::MemberRecord other_revision = record;
  other_revision.revision = 2;
  store::MemberRecord damaged = record;
  damaged.sealed.back() ^= 1;
  EXPECT_TRUE(absl::IsDataLoss(sealer().Open(other_member).status()));
  EXPECT_TRUE(absl::IsDataLoss(sealer().Open(other_revision).status()));
  auto opened = sealer().Open(damaged);
  EXPECT_TRUE(absl::IsDataLoss(opened->All().status()));
  TestChapter other_chapter;
  const auto foreign = Members::Create(other_chapter.parts);
  EXPECT_FALSE(foreign->sealer().Open(record).ok());
}

TEST_F(SealerTest, EverySealIsAnother) {
  const Member maria = Maria();
  EXPECT_NE(sealer().Seal(maria)->sealed, sealer().Seal(maria)->sealed);
}

TEST_F(SealerTest, TokensAreSortedAndWithoutRepetitions) {
  Member member = Maria();
  member.Set(2, Values({"Maria Maria"}));
  member.Set(27, Values({"notes are not indexed"}));
  const auto tokens = sealer().Seal(member)->tokens;
  EXPECT_TRUE(std::is_sorted(tokens.begin(), tokens.end()));
  EXPECT_EQ(std::adjacent_find(tokens.begin(), tokens.end()), tokens.end());
  EXPECT_THAT(tokens, Each(Field(&store::IndexToken::index_version, 1)));
  for (const store::IndexToken& token : tokens) {
    EXPECT_NE(token.slot / 4, 27);
    EXPECT_LT(token.bits, 1u << 20);
  }
}

TEST_F(SealerTest, TheSameWordInAnotherFieldIsAnotherToken) {
  const auto given =
      members_.index()->Exact(*chapter_.schema.Find("region"), "housing");
  const auto other =
      members_.index()->Exact(*chapter_.schema.Find("committees"), "housing");
  ASSERT_EQ(given->size(), 1u);
  EXPECT_NE(given->front().slot, other->front().slot);
  EXPECT_NE(given->front().bits, other->front().bits);
}

TEST_F(SealerTest, NamesAndTagsAreCutShorterThanExactValues) {
  const auto keyring = crypto::Keyring::Create(
      {chapter_.info.id.bytes, {text::kNormaliserVersion, 30, 1}, {}},
      crypto::SystemRandom());
  chapter_.index.Publish(*SearchIndex::Create(chapter_.schema, keyring));
  const Members members = *Members::Create(chapter_.parts);
  const auto sealed = members.sealer().Seal(Maria());
  ASSERT_TRUE(sealed.ok());
  for (const store::IndexToken& token : sealed->tokens) {
    EXPECT_LT(token.bits, 2u) << token.slot;
  }
  std::set<uint32_t> exact;
  for (int i = 0; i < 20; ++i) {
    const auto token = members.index()->Exact(*chapter_.schema.Find("phone"),
                                              "+1212555" + std::to_string(i));
    exact.insert(token->front().bits);
  }
  EXPECT_EQ(exact.size(), 20u);
}

}  // namespace
}  // namespace sodality::core
