// Erased members and rosters: who does not come back, and whom that must not
// keep out. Read next: external_id_test.cc.
#include "server/core/erased.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/core/directory/roster_fixture.h"

namespace sodality::core {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Key;
using testing::Not;
using testing::Pair;

class ErasedTest : public RosterFixture {
 protected:
  void Erase(const MemberId& member) {
    const absl::Status erased = chapter_.directory.Erase(
        chapter_.owner, member, std::nullopt, chapter_.NewRequest());
    ASSERT_TRUE(erased.ok()) << erased;
  }
  void AddAndErase(const Cells& cells) { Erase(chapter_.Add(cells)); }
  void ExpectSuppressed(const Cells& row) {
    const uint64_t members = Members();
    const RosterCounts counts = Push({row});
    EXPECT_EQ(counts.suppressed, 1u);
    EXPECT_THAT(counts.invalid, IsEmpty());
    EXPECT_EQ(Members(), members);
  }
  void ExpectAdded(const Cells& row) {
    EXPECT_THAT(Sums(Push({row})), ElementsAre(1, 0, 0));
  }
  void ExpectChanged(const Cells& row) {
    EXPECT_THAT(Sums(Push({row})), ElementsAre(0, 1, 0));
  }
  size_t Kept() { return chapter_.store.ReadAccessRows()->size(); }

  // Ana, who has everything.
  static Cells Ana() {
    return {{"external_id", {"1"}},
            {"given_name", {"Ana María"}},
            {"family_name", {"Luján"}},
            {"email", {"ana@x.org"}},
            {"phone", {"212 555 0101"}}};
  }
};

TEST_F(ErasedTest, NobodyComesBackWithTheNextRosterWhateverItKnowsThemBy) {
  AddAndErase(Ana());
  ExpectSuppressed(Ana());
  ExpectSuppressed({{"external_id", {"1"}}, {"given_name", {"Zoe"}}});
  ExpectSuppressed({{"given_name", {"Ana María"}},
                    {"family_name", {"Luján"}},
                    {"email", {"ana@x.org"}}});
  ExpectSuppressed({{"given_name", {"Ana María"}},
                    {"family_name", {"Luján"}},
                    {"phone", {"212 555 0101"}}});
  EXPECT_EQ(Members(), 0u);
}

TEST_F(ErasedTest, ContactsAndNamesAreComparedHoweverSpelled) {
  AddAndErase(Ana());
  ExpectSuppressed({{"given_name", {"ANA MARIA"}}, {"email", {"Ana@X.org"}}});
  ExpectSuppressed({{"given_name", {"Ana"}}, {"phone", {"+1 212-555-0101"}}});
  ExpectSuppressed(
      {{"given_name", {"Ana"}}, {"phone", {"(212) 555-0101 ext. 5"}}});
}

TEST_F(ErasedTest, NamesAreComparedInEveryForm) {
  AddAndErase({{"given_name", {"Дмитрий"}}, {"email", {"d@x.org"}}});
  ExpectSuppressed({{"given_name", {"Dmitrij"}}, {"email", {"d@x.org"}}});
  AddAndErase({{"given_name", {"Jo-Ann"}}, {"email", {"j@x.org"}}});
  ExpectSuppressed({{"given_name", {"Joann"}}, {"email", {"j@x.org"}}});
  ExpectSuppressed({{"given_name", {"Jo Ann"}}, {"email", {"j@x.org"}}});
}

TEST_F(ErasedTest, AnotherFamilyNameOrExternalIdDoesNotBringThemBack) {
  AddAndErase(Ana());
  ExpectSuppressed({{"given_name", {"Ana"}},
                    {"family_name", {"Brown"}},
                    {"email", {"ana@x.org"}}});
  ExpectSuppressed({{"external_id", {"2"}},
                    {"given_name", {"Ana"}},
                    {"email", {"ana@x.org"}}});
}

TEST_F(ErasedTest, NorDoesANameByWhichTheyAreCalled) {
  AddAndErase({{"given_name", {"Ana"}},
               {"preferred_name", {"Nita"}},
               {"email", {"ana@x.org"}}});
  ExpectSuppressed({{"given_name", {"Nita"}}, {"email", {"ana@x.org"}}});
  ExpectSuppressed({{"preferred_name", {"Nita"}}, {"email", {"ana@x.org"}}});
}

TEST_F(ErasedTest, OneWhoErasesThemselvesStaysErased) {
  const MemberId ana = chapter_.Add(Ana());
  const Caller self = chapter_.MakeCaller(Role::kMember, ana);
  ASSERT_TRUE(chapter_.directory.EraseSelf(self, chapter_.NewRequest()).ok());
  ExpectSuppressed({{"given_name", {"Ana"}}, {"email", {"ana@x.org"}}});
}

TEST_F(ErasedTest, ARowWithoutANameIsTheirs) {
  AddAndErase(Ana());
  ExpectSuppressed({{"email", {"ana@x.org"}}});
  ExpectSuppressed({{"phone", {"212 555 0101"}}, {"city", {"Bronx"}}});
}

TEST_F(ErasedTest, WhoHadNoNameIsTakenForAnybodyWithTheirContact) {
  Push({{{"email", {"ana@x.org"}}, {"city", {"Bronx"}}}});
  SearchQuery query;
  query.words = Secrets({"ana@x.org"});
  Erase(chapter_.Search(chapter_.owner, std::move(query))->members.at(0).id);
  ExpectSuppressed({{"given_name", {"Zoe"}}, {"email", {"ana@x.org"}}});
}

TEST_F(ErasedTest, SomebodyElseOfTheHouseholdIsAdded) {
  AddAndErase(Ana());
  ExpectAdded({{"given_name", {"Ben"}},
               {"family_name", {"Luján"}},
               {"phone", {"212 555 0101"}}});
  ExpectAdded({{"external_id", {"3"}},
               {"given_name", {"Cy"}},
               {"email", {"ana@x.org"}}});
}

TEST_F(ErasedTest, ANamesakeWithOtherContactsIsAdded) {
  AddAndErase(Ana());
  ExpectAdded({{"given_name", {"Ana María"}},
               {"family_name", {"Luján"}},
               {"email", {"other@x.org"}},
               {"phone", {"212 555 0199"}}});
  ExpectAdded({{"given_name", {"Ana María"}}, {"family_name", {"Luján"}}});
}

TEST_F(ErasedTest, AMemberWhoSharedTheContactIsStillUpdated) {
  chapter_.Add({{"given_name", {"Ben"}}, {"phone", {"212 555 0101"}}});
  AddAndErase(Ana());
  ExpectChanged({{"given_name", {"Ben"}},
                 {"phone", {"212 555 0101"}},
                 {"city", {"Bronx"}}});
  ExpectChanged({{"phone", {"212 555 0101"}}, {"city", {"Queens"}}});
  EXPECT_THAT(OnlyOne("ben"), Contains(Pair("city", ElementsAre("Queens"))));
}

TEST_F(ErasedTest, TheirRowDoesNotOverwriteWhoSharedTheContact) {
  chapter_.Add({{"given_name", {"Ben"}}, {"phone", {"212 555 0101"}}});
  AddAndErase(Ana());
  ExpectSuppressed({{"given_name", {"Ana"}},
                    {"phone", {"212 555 0101"}},
                    {"city", {"Bronx"}}});
  EXPECT_THAT(OnlyOne("ben"), Not(Contains(Key("city"))));
}

TEST_F(ErasedTest, AmongSeveralWhoShareTheContactTheirRowIsNobodys) {
  chapter_.Add({{"given_name", {"Ben"}}, {"phone", {"212 555 0101"}}});
  chapter_.Add({{"given_name", {"Cy"}}, {"phone", {"212 555 0101"}}});
  AddAndErase(Ana());
  ExpectSuppressed({{"given_name", {"Ana"}}, {"phone", {"212 555 0101"}}});
  EXPECT_EQ(Push({{{"phone", {"212 555 0101"}}}}).invalid_rows, 1u);
}

TEST_F(ErasedTest, SeveralOfWhomOneHasTheNameAreToldApartByHand) {
  chapter_.Add({{"given_name", {"Ana"}}, {"phone", {"212 555 0101"}}});
  chapter_.Add({{"given_name", {"Cy"}}, {"phone", {"212 555 0101"}}});
  AddAndErase(Ana());
  const RosterCounts counts =
      Push({{{"given_name", {"Ana"}}, {"phone", {"212 555 0101"}}}});
  EXPECT_EQ(counts.suppressed, 0u);
  EXPECT_EQ(counts.invalid_rows, 1u);
}

// Their own e-mail address says who they are, however the row spells them.
TEST_F(ErasedTest, AMemberFoundByAContactOfTheirOwnIsUpdated) {
  chapter_.Add({{"given_name", {"Hannah"}}, {"email", {"hannah@x.org"}}});
  AddAndErase(Ana());
  ExpectChanged({{"given_name", {"Ana"}},
                 {"email", {"hannah@x.org"}},
                 {"phone", {"212 555 0101"}}});
}

TEST_F(ErasedTest, WhoIsAddedAgainByHandIsUpdated) {
  AddAndErase(Ana());
  chapter_.Add({{"given_name", {"Ana"}}, {"email", {"ana@x.org"}}});
  ExpectChanged(
      {{"given_name", {"Ana"}}, {"email", {"ana@x.org"}}, {"city", {"Bronx"}}});
  ExpectChanged({{"given_name", {"Ana María"}},
                 {"email", {"ana@x.org"}},
                 {"phone", {"212 555 0101"}}});
  ExpectChanged({{"external_id", {"2"}}, {"email", {"ana@x.org"}}});
  ExpectChanged({{"external_id", {"2"}}, {"given_name", {"Zoe"}}});
}

TEST_F(ErasedTest, AMemberKnownByExternalIdIsUpdatedWhateverTheRowHas) {
  chapter_.Add({{"given_name", {"Ben"}}, {"external_id", {"2"}}});
  AddAndErase(Ana());
  ExpectChanged({{"external_id", {"2"}},
                 {"given_name", {"Ana"}},
                 {"email", {"ana@x.org"}}});
}

TEST_F(ErasedTest, ADryRunSaysTheSame) {
  AddAndErase(Ana());
  const Rows rows = {{{"given_name", {"Ana"}}, {"email", {"ana@x.org"}}},
                     {{"given_name", {"Ben"}}, {"email", {"ana@x.org"}}}};
  const RosterCounts counts = Push(rows, {.dry_run = true});
  EXPECT_EQ(counts.suppressed, 1u);
  EXPECT_EQ(counts.added, 1u);
}

TEST_F(ErasedTest, ErasedAgainNothingIsKeptTwice) {
  AddAndErase(Ana());
  const size_t rows = Kept();
  // The member, an external id, two contacts, and each with three words.
  EXPECT_EQ(rows, 1u + 1u + 2u + 6u);
  AddAndErase(Ana());
  EXPECT_EQ(Kept(), rows + 1);  // As another member.
}

// However much somebody has, their erasure is one write.
TEST_F(ErasedTest, WhatIsKeptOfOneMemberIsBounded) {
  // 120 words of three letters, which other first letters do not have.
  const auto names = [](char first) {
    std::string words;
    for (char a = 'a'; a < 'k'; ++a) {
      for (char b = 'a'; b < 'm'; ++b) words += {first, a, b, ' '};
    }
    return words;
  };
  AddAndErase({{"given_name", {names('g')}},
               {"middle_name", {names('m')}},
               {"family_name", {names('f')}},
               {"preferred_name", {names('p')}},
               {"email", {"ana@x.org"}},
               {"phone", {"212 555 0101"}}});
  EXPECT_EQ(Kept(), ErasedMembers::kMaxRows);
}

}  // namespace
}  // namespace sodality::core
