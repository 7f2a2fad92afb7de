// External ids: held by one member, and suppressed when that one is erased.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/core/directory/directory_write_fixture.h"

namespace sodality::core {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Field;
using testing::SizeIs;

using ExternalIdTest = DirectoryWriteFixture;

TEST_F(ExternalIdTest, AnExternalIdIsTakenOnceAndTheAnswerIsRecorded) {
  chapter_.Give(coordinator_, {});
  EXPECT_THAT(
      Create({{"given_name", {"Bo"}}, {"external_id", {"m1"}}}).status(),
      FailsWith(absl::StatusCode::kAlreadyExists, Reason::kExternalIdTaken));
  EXPECT_EQ(chapter_.ledger.last().outcome, Outcome::kRefused);
  EXPECT_THAT(chapter_.ledger.last().members, SizeIs(1));
  const auto bo = Create({{"given_name", {"Bo"}}, {"external_id", {"B1"}}});
  ASSERT_TRUE(bo.ok());
  EXPECT_THAT(
      Update(bo->id, Edit({{"external_id", {"M1"}}})).status(),
      FailsWith(absl::StatusCode::kAlreadyExists, Reason::kExternalIdTaken));
  EXPECT_TRUE(Update(bo->id, Edit({{"external_id", {"b1"}}})).ok());
}

// The tokens of an external id are shared; its holder may come late among them.
TEST(ExternalIdCollisionTest, TheHolderIsFoundAmongManyOfTheSameTokens) {
  TestChapter chapter(0);
  for (int i = 0; i < 100; ++i) {
    chapter.Add({{"given_name", {"Bo"}}, {"external_id", {absl::StrCat(i)}}});
  }
  for (int i = 0; i < 100; ++i) {
    EXPECT_THAT(
        chapter.directory
            .Create(chapter.owner,
                    {Inputs({{"given_name", {"Cy"}},
                             {"external_id", {absl::StrCat(i)}}}),
                     std::nullopt, chapter.NewRequest()})
            .status(),
        FailsWith(absl::StatusCode::kAlreadyExists, Reason::kExternalIdTaken))
        << i;
  }
}

TEST_F(ExternalIdTest, AScopedGrantCannotProbeExternalIds) {
  chapter_.Give(coordinator_, {.scopes = {{"region", "Queens"}}});
  for (const char* id : {"M1", "free"}) {
    const auto status = Create({{"given_name", {"Bo"}},
                                {"region", {"Queens"}},
                                {"external_id", {id}}})
                            .status();
    EXPECT_THAT(status, FailsWith(absl::StatusCode::kPermissionDenied,
                                  Reason::kOutOfScope));
  }
}

TEST_F(ExternalIdTest, OfClaimsAtOnceOneWins) {
  chapter_.Give(coordinator_, {});
  constexpr int kRounds = 50;
  std::atomic<int> taken = 0;
  const auto claim_all = [&] {
    for (int round = 0; round < kRounds; ++round) {
      const auto made = Create(
          {{"given_name", {"Bo"}}, {"external_id", {std::to_string(round)}}});
      taken += absl::IsAlreadyExists(made.status()) ? 1 : 0;
    }
  };
  std::vector<std::thread> callers;
  for (int i = 0; i < 3; ++i) callers.emplace_back(claim_all);
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(taken, 2 * kRounds);
  EXPECT_EQ(Members(), 1u + kRounds);
}

TEST_F(ExternalIdTest, AnErasedExternalIdIsSuppressedHoweverSpelled) {
  ASSERT_TRUE(Erase(chapter_.owner, maria_).ok());
  EXPECT_TRUE(chapter_.suppressions.Contains("m1"));
  EXPECT_FALSE(chapter_.suppressions.Contains("M2"));
  const auto rows = chapter_.store.ReadAccessRows();
  ASSERT_TRUE(rows.ok());
  const store::IdBytes id = chapter_.suppressions.RowId("M1");
  EXPECT_THAT(*rows, Contains(AllOf(Field(&store::AccessRow::id, id),
                                    Field(&store::AccessRow::table,
                                          store::AccessTable::kSuppressions))));
}

TEST_F(ExternalIdTest, AMemberAddedAgainByHandCanBeErasedAgain) {
  ASSERT_TRUE(Erase(chapter_.owner, maria_).ok());
  const MemberId again =
      chapter_.Add({{"given_name", {"Maria"}}, {"external_id", {"M1"}}});
  EXPECT_TRUE(Erase(chapter_.owner, again).ok());
}

}  // namespace
}  // namespace sodality::core
