// Rosters: matching, counts, and what a bad row does to its neighbours.
// Read next: roster_steps_test.cc.
#include "server/core/roster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/core/directory/roster_fixture.h"

namespace sodality::core {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

using RosterTest = RosterFixture;

TEST_F(RosterTest, IsForAdminsAndSources) {
  for (const Role role : {Role::kCoordinator, Role::kMember, Role::kAuditor}) {
    EXPECT_THAT(RosterPush::Begin(chapter_.parts, chapter_.MakeCaller(role), {})
                    .status(),
                FailsWith(absl::StatusCode::kPermissionDenied,
                          Reason::kRoleNotAllowed));
  }
  EXPECT_TRUE(RosterPush::Begin(chapter_.parts, chapter_.owner, {}).ok());
}

TEST_F(RosterTest, ASourceHasAShortName) {
  const auto begun = [&](size_t size) {
    RosterOptions options;
    options.source = std::string(size, 's');
    return RosterPush::Begin(chapter_.parts, source_, std::move(options))
        .status();
  };
  EXPECT_THAT(begun(65), FailsWith(absl::StatusCode::kInvalidArgument,
                                   Reason::kInvalidValue));
  EXPECT_TRUE(begun(64).ok());
}

TEST_F(RosterTest, TheSamePushAgainChangesNothing) {
  const Rows rows = {{{"external_id", {"1"}}, {"given_name", {"Ana"}}},
                     {{"external_id", {"2"}}, {"given_name", {"Ben"}}},
                     {{"email", {"c@x.org"}}, {"given_name", {"Cy"}}},
                     {{"phone", {"212 555 0123"}}, {"given_name", {"Di"}}}};
  EXPECT_THAT(Sums(Push(rows)), ElementsAre(4, 0, 0));
  EXPECT_THAT(Sums(Push(rows)), ElementsAre(0, 0, 4));
  EXPECT_EQ(Members(), 4u);
}

TEST_F(RosterTest, SpellingAloneIsNoChange) {
  Push({{{"external_id", {"a1"}},
         {"phone", {"212 555 0123"}},
         {"joined", {"2020-01-02"}},
         {"given_name", {"Ana"}}}});
  EXPECT_THAT(Sums(Push({{{"external_id", {"a1"}},
                          {"phone", {"+1 (212) 555-0123"}},
                          {"joined", {"1/2/2020"}},
                          {"given_name", {" Ana "}}}})),
              ElementsAre(0, 0, 1));
}

TEST_F(RosterTest, MatchesByExternalIdThenEmailThenPhone) {
  Push({{{"external_id", {"1"}},
         {"given_name", {"Ana"}},
         {"email", {"a@x.org"}},
         {"phone", {"212 555 0101"}}}});
  EXPECT_THAT(Sums(Push({{{"external_id", {"1"}}, {"city", {"A"}}}})),
              ElementsAre(0, 1, 0));
  EXPECT_THAT(Sums(Push({{{"email", {"A@X.org"}}, {"city", {"B"}}}})),
              ElementsAre(0, 1, 0));
  EXPECT_THAT(Sums(Push({{{"phone", {"2125550101"}}, {"city", {"C"}}}})),
              ElementsAre(0, 1, 0));
  EXPECT_THAT(OnlyOne("ana"), Contains(Pair("city", ElementsAre("C"))));
  EXPECT_THAT(Sums(Push({{{"external_id", {"9"}}, {"given_name", {"Zoe"}}}})),
              ElementsAre(1, 0, 0));
}

TEST_F(RosterTest, AMemberGainsTheExternalIdOfTheirRow) {
  Push({{{"given_name", {"Ana"}}, {"email", {"a@x.org"}}}});
  EXPECT_THAT(Sums(Push({{{"external_id", {"1"}}, {"email", {"a@x.org"}}}})),
              ElementsAre(0, 1, 0));
  EXPECT_THAT(OnlyOne("ana"), Contains(Pair("external_id", ElementsAre("1"))));
  Push({{{"given_name", {"Ben"}}, {"phone", {"212 555 0101"}}}});
  EXPECT_THAT(Sums(Push({{{"external_id", {"2"}},
                          {"email", {"b@x.org"}},
                          {"phone", {"212 555 0101"}}}})),
              ElementsAre(0, 1, 0));
  EXPECT_THAT(OnlyOne("ben"), Contains(Pair("external_id", ElementsAre("2"))));
}

TEST_F(RosterTest, ASharedPhoneOrEmailDoesNotMakeTwoPeopleOne) {
  Push({{{"external_id", {"1"}},
         {"given_name", {"Ana"}},
         {"email", {"home@x.org"}},
         {"phone", {"212 555 0101"}}}});
  EXPECT_THAT(Sums(Push({{{"external_id", {"2"}},
                          {"given_name", {"Ben"}},
                          {"email", {"home@x.org"}},
                          {"phone", {"212 555 0101"}}},
                         {{"given_name", {"Cy"}},
                          {"email", {"cy@x.org"}},
                          {"phone", {"212 555 0101"}}}})),
              ElementsAre(2, 0, 0));
  EXPECT_EQ(OnlyOne("ana").at("external_id").front(), "1");
}

TEST_F(RosterTest, WhatIsAmbiguousIsRefused) {
  Push({{{"external_id", {"1"}},
         {"given_name", {"Ana"}},
         {"email", {"home@x.org"}}},
        {{"external_id", {"2"}},
         {"given_name", {"Ben"}},
         {"email", {"home@x.org"}}}});
  const RosterCounts counts =
      Push({{{"email", {"home@x.org"}}, {"city", {"X"}}}});
  EXPECT_EQ(counts.invalid_rows, 1u);
  ASSERT_THAT(counts.invalid, SizeIs(1));
  EXPECT_EQ(counts.invalid[0].column, "email");
}

TEST_F(RosterTest, BlankCellsClearNothing) {
  Push({{{"external_id", {"1"}}, {"given_name", {"Ana"}}, {"city", {"A"}}}});
  EXPECT_THAT(Sums(Push({{{"external_id", {"1"}}, {"city", {" "}}}})),
              ElementsAre(0, 0, 1));
  EXPECT_THAT(OnlyOne("ana"), Contains(Pair("city", ElementsAre("A"))));
}

TEST_F(RosterTest, FillBlanksOverwritesNothing) {
  Push({{{"external_id", {"1"}}, {"given_name", {"Ana"}}, {"city", {"A"}}}});
  EXPECT_THAT(Sums(Push({{{"external_id", {"1"}}, {"city", {"B"}}}},
                        {.fill_blanks = true})),
              ElementsAre(0, 0, 1));
  EXPECT_THAT(
      Sums(Push({{{"external_id", {"1"}}, {"city", {"B"}}, {"state", {"NY"}}}},
                {.fill_blanks = true})),
      ElementsAre(0, 1, 0));
  EXPECT_THAT(OnlyOne("ana"), Contains(Pair("city", ElementsAre("A"))));
  EXPECT_THAT(OnlyOne("ana"), Contains(Pair("state", ElementsAre("NY"))));
}

TEST_F(RosterTest, ABadRowIsNamedAndItsNeighboursAreStored) {
  const RosterCounts counts = Push(
      {{{"external_id", {"1"}}, {"given_name", {"Ana"}}},
       {{"external_id", {"2"}}, {"phone", {"zebra"}}, {"email", {"zebra"}}},
       {{"city", {"nobody"}}},
       {{"given_name", {"Ben"}}, {"caucus", {"x"}}},
       {{"given_name", {"Eve"}}, {"city", {"X"}}, {"city", {"Y"}}},
       {{"external_id", {"3"}}, {"given_name", {"Cy"}}}});
  EXPECT_THAT(Sums(counts), ElementsAre(2, 0, 0));
  EXPECT_EQ(counts.invalid_rows, 4u);
  ASSERT_THAT(counts.invalid, SizeIs(5));
  std::vector<std::pair<uint64_t, std::string>> places;
  for (const RosterRowError& error : counts.invalid) {
    places.emplace_back(error.row, error.column);
    EXPECT_EQ(error.reason.find("zebra"), std::string::npos);
  }
  EXPECT_THAT(places,
              ElementsAre(Pair(2, "phone"), Pair(2, "email"), Pair(3, ""),
                          Pair(4, "caucus"), Pair(5, "city")));
  EXPECT_EQ(Members(), 2u);
}

TEST_F(RosterTest, RowsOfTheSameMemberBecomeOne) {
  const RosterCounts counts = Push({{{"external_id", {"1"}},
                                     {"given_name", {"Ana"}},
                                     {"email", {"a@x.org"}}},
                                    {{"external_id", {"1"}}, {"city", {"A"}}},
                                    {{"email", {"a@x.org"}}, {"city", {"A"}}}});
  EXPECT_THAT(Sums(counts), ElementsAre(1, 1, 1));
  EXPECT_EQ(Members(), 1u);
  EXPECT_THAT(OnlyOne("ana"), Contains(Pair("city", ElementsAre("A"))));
}

TEST_F(RosterTest, ErasedMembersStayErased) {
  Push({{{"external_id", {"1"}},
         {"given_name", {"Ana"}},
         {"email", {"home@x.org"}}},
        {{"external_id", {"2"}},
         {"given_name", {"Ben"}},
         {"email", {"home@x.org"}}}});
  SearchQuery query;
  query.words = Secrets({"ana"});
  const auto ana = chapter_.Search(chapter_.owner, std::move(query));
  ASSERT_TRUE(chapter_.directory
                  .Erase(chapter_.owner, ana->members.front().id, std::nullopt,
                         chapter_.NewRequest())
                  .ok());
  const RosterCounts counts = Push({{{"external_id", {"1"}},
                                     {"given_name", {"Ana"}},
                                     {"email", {"home@x.org"}}}});
  EXPECT_EQ(counts.suppressed, 1u);
  EXPECT_EQ(Members(), 1u);
  EXPECT_EQ(OnlyOne("ben").at("external_id").front(), "2");
}

TEST_F(RosterTest, EachBatchIsOneEntryWithThoseWhoChanged) {
  Push({{{"external_id", {"1"}}, {"given_name", {"Ana"}}},
        {{"external_id", {"2"}}, {"given_name", {"Ben"}}}});
  const size_t before = chapter_.ledger.size();
  Push({{{"external_id", {"1"}}, {"given_name", {"Ana"}}},
        {{"external_id", {"2"}}, {"given_name", {"Bob"}}}});
  EXPECT_EQ(chapter_.ledger.size(), before + 1);
  EXPECT_THAT(chapter_.ledger.last().members, SizeIs(1));
  Push({{{"external_id", {"1"}}, {"given_name", {"Ana"}}}});
  EXPECT_EQ(chapter_.ledger.size(), before + 2);
  EXPECT_THAT(chapter_.ledger.last().members, IsEmpty());
}

TEST_F(RosterTest, ABatchHasALimit) {
  auto push = Begin();
  EXPECT_THAT(push->Add(Numbered(Rows(kMaxRowsPerBatch + 1))),
              FailsWith(absl::StatusCode::kInvalidArgument, Reason::kTooLarge));
  EXPECT_EQ(push->Finish().value().rows, 0u);
}

TEST_F(RosterTest, ErrorsAreReportedUpToALimitAndCountedBeyond) {
  auto push = Begin();
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(push->Add(Numbered(Rows(kMaxRowsPerBatch))).ok());
  }
  const RosterCounts counts = push->Finish().value();
  EXPECT_EQ(counts.invalid_rows, 3 * kMaxRowsPerBatch);
  EXPECT_THAT(counts.invalid, SizeIs(kMaxReportedErrors));
}

TEST_F(RosterTest, ManyRowsFindTheirOwnMembersAgain) {
  Rows rows;
  for (int i = 0; i < 300; ++i) {
    const std::string n = std::to_string(i);
    Cells cells = {{"given_name", {"N" + n}}};
    if (i % 3 == 0) cells.push_back({"external_id", {"id" + n}});
    if (i % 3 <= 1) cells.push_back({"email", {"e" + n + "@x.org"}});
    if (i % 3 == 2)
      cells.push_back({"phone", {"+1212555" + std::to_string(1000 + i)}});
    rows.push_back(std::move(cells));
  }
  EXPECT_THAT(Sums(Push(rows)), ElementsAre(300, 0, 0));
  std::reverse(rows.begin(), rows.end());
  for (Cells& cells : rows) cells.push_back({"city", {"X"}});
  EXPECT_THAT(Sums(Push(rows)), ElementsAre(0, 300, 0));
  EXPECT_THAT(Sums(Push(rows)), ElementsAre(0, 0, 300));
  EXPECT_EQ(Members(), 300u);
}

}  // namespace
}  // namespace sodality::core
