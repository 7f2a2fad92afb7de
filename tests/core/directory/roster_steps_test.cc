// Rosters of several batches and steps, and what stops them halfway.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <vector>

#include "tests/core/directory/roster_fixture.h"
#include "text/normalise.h"

namespace sodality::core {
namespace {

using testing::ElementsAre;

using RosterStepsTest = RosterFixture;

TEST_F(RosterStepsTest, AFullDiskFailsThePushAndAcknowledgesNothing) {
  Push({{{"external_id", {"1"}}, {"given_name", {"Ana"}}}});
  chapter_.store.FailCommits(absl::ResourceExhaustedError("disk full"));
  auto push = Begin();
  ASSERT_TRUE(
      push->Add(Numbered({{{"external_id", {"2"}}, {"given_name", {"Ben"}}}}))
          .ok());
  EXPECT_THAT(
      push->Finish().status(),
      FailsWith(absl::StatusCode::kResourceExhausted, Reason::kDiskFull));
  chapter_.store.FailCommits(absl::OkStatus());
  EXPECT_EQ(Members(), 1u);
}

// Rows for members `first` to `last`.
std::vector<RosterRow> People(int first, int last) {
  std::vector<RosterRow> rows;
  for (int i = first; i <= last; ++i) {
    const std::string n = std::to_string(i);
    rows.push_back(
        {static_cast<uint64_t>(i),
         Inputs({{"external_id", {"id" + n}}, {"given_name", {"N" + n}}})});
  }
  return rows;
}

// While the index is rotated a member goes from a token of the one version to
// one of the other: a question that has one of them alone could miss them.
TEST_F(RosterStepsTest, TheTokensOfAValueAreAskedForInOneQuestion) {
  auto keyring = chapter_.keys->Current()->Clone();
  keyring.RotateIndex({text::kNormaliserVersion, 30, 30}, {},
                      crypto::SystemRandom());
  chapter_.index.Publish(
      *SearchIndex::Create(chapter_.schema, keyring, {1, 2}));
  std::atomic<int> questions = 0;
  chapter_.store.ObserveHolders([&](const store::HolderQuery& query) {
    const FieldSpec& spec = *chapter_.schema.Find("external_id");
    const auto index = chapter_.index.Current();
    for (int i = 1; i <= 40; ++i) {
      const auto both =
          index->Exact(spec, ComparedForm(spec, "id" + std::to_string(i)));
      ASSERT_EQ(both->size(), 2u);
      const auto asks = [&](const store::IndexToken& token) {
        return std::ranges::count(query.any_of, token) != 0;
      };
      // The new version's is nobody else's; the old one's may be shared.
      if (asks(both->back())) {
        EXPECT_TRUE(asks(both->front()));
        ++questions;
      }
    }
  });
  auto push = Begin();
  ASSERT_TRUE(push->Add(People(1, 40)).ok());
  EXPECT_EQ(push->Finish()->added, 40u);
  EXPECT_EQ(questions, 40);
}

TEST_F(RosterStepsTest, RowsThatWaitAreNotStoredForARevokedDevice) {
  auto push = Begin();
  ASSERT_TRUE(push->Add(People(1, 10)).ok());
  Device device = *chapter_.access.FindDevice(source_.device);
  device.revoked = true;
  chapter_.access.Put(device);
  EXPECT_THAT(
      push->Finish().status(),
      FailsWith(absl::StatusCode::kUnauthenticated, Reason::kDeviceRevoked));
  EXPECT_EQ(Members(), 0u);
}

TEST_F(RosterStepsTest, AfterAFailedStepNothingMoreIsStored) {
  const auto fails =
      FailsWith(absl::StatusCode::kResourceExhausted, Reason::kDiskFull);
  chapter_.store.FailCommits(absl::ResourceExhaustedError("disk full"));
  auto push = Begin();
  absl::Status added;
  int rows = 0;
  // A full step waits for the one before it and says how that went.
  for (; added.ok() && rows < 3 * static_cast<int>(kMaxRowsPerStep);
       rows += 500) {
    added = push->Add(People(rows + 1, rows + 500));
  }
  EXPECT_THAT(added, fails);
  chapter_.store.FailCommits(absl::OkStatus());
  EXPECT_THAT(push->Add(People(rows + 1, rows + 500)), fails);
  EXPECT_THAT(push->Finish().status(), fails);
  EXPECT_EQ(Members(), 0u);
}

TEST_F(RosterStepsTest, RowsOfSeveralStepsMeetEachOther) {
  auto push = Begin();
  for (int round = 0; round < 4; ++round) {
    for (int i = 0; i < 1500; i += 100) {
      ASSERT_TRUE(push->Add(People(i + 1, i + 100)).ok());
    }
  }
  EXPECT_THAT(Sums(push->Finish().value()), ElementsAre(1500, 0, 4500));
  EXPECT_EQ(Members(), 1500u);
}

// A step of 3,000 is three writes; the rows of the one that lost are matched
// again, and those of the others counted once.
TEST_F(RosterStepsTest, OnlyTheRowsOfALostRaceAreTriedAgain) {
  for (const int lost : {1, 2, 3}) {
    TestChapter chapter;
    chapter.store.LoseRace(lost);
    auto push = *RosterPush::Begin(chapter.parts,
                                   chapter.MakeCaller(Role::kSource), {});
    for (int i = 0; i < 3000; i += 500) {
      ASSERT_TRUE(push->Add(People(i + 1, i + 500)).ok());
    }
    const RosterCounts counts = push->Finish().value();
    EXPECT_THAT(Sums(counts), ElementsAre(3000, 0, 0)) << lost;
    EXPECT_EQ(chapter.store.Counts().value().members, 3000u);
    size_t recorded = 0;
    for (const auto& entry : chapter.ledger.entries()) {
      recorded += entry.members.size();
    }
    EXPECT_EQ(recorded, 3000u);
  }
}

}  // namespace
}  // namespace sodality::core
