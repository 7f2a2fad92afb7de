// The n-th operation on the disk comes to grief behind the first of two batches
// of a rotation's sweep, with a member behind its cursor who was sealed before
// the rotation began and written late.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/core/members.h"
#include "tests/chapter/invariants.h"
#include "tests/chapter/scenario.h"

namespace sodality::core {
namespace {

using faults::Mishap;

constexpr size_t kMembers = 1100;  // More than a batch has.

class SweepFaultTest : public testing::Test {
 protected:
  SweepFaultTest() {
    std::vector<Cells> rows;
    for (size_t i = 0; i < kMembers; ++i) {
      rows.push_back(
          {{"external_id", {absl::StrCat("S", i)}}, {"given_name", {"Nadia"}}});
    }
    EXPECT_TRUE(town_.world.Open().ok());
    const auto counts = town_.world.Push(town_.source, rows);
    EXPECT_TRUE(counts.ok()) << counts.status();
    EXPECT_EQ(counts->added, kMembers);
    town_.world.Close();
    image_ = town_.world.Snapshot();
  }

  // The first by id of some that are sealed as of now.
  store::PutMember SealFirst() {
    const Members members = *Members::Create(parts());
    std::optional<store::PutMember> first;
    for (int i = 0; i < 20; ++i) {
      auto put = *members.sealer().Seal(Member::New(crypto::SystemRandom()));
      if (!first || put.id < first->id) first = std::move(put);
    }
    return *std::move(first);
  }

  // One batch is swept, and somebody behind it is under the old version.
  void SweepOneBatch() {
    town_.world.Restore(image_);
    ASSERT_TRUE(town_.world.Open().ok());
    const store::PutMember late = SealFirst();
    ASSERT_TRUE(Rotate(town_).ok());
    KeyRotation& rotation = town_.world.chapter().key_rotation();
    ASSERT_TRUE(rotation.Step().value());
    const auto progress = rotation.Status()->rotation;
    ASSERT_TRUE(progress);
    ASSERT_LT(late.id, progress->rotation.cursor);
    store::Write write;
    write.put_members.push_back(late);
    ASSERT_TRUE(
        parts()
            .committer.Commit(std::move(write), {.action = Action::kPushRoster})
            .ok());
  }

  // Everybody is under the new version, and opens.
  void ExpectSwept() {
    const auto counts = parts().store.Counts()->members_by_wrap_version;
    ASSERT_EQ(counts.size(), 1u);
    EXPECT_EQ(counts.front().first, 2u);
    EXPECT_EQ(counts.front().second, kMembers + town_.members.size() + 1);
    const Members members = *Members::Create(parts());
    std::optional<MemberId> after;
    for (size_t page = 1000; page == 1000;) {
      auto records = *parts().store.Find({}, after, 1000);
      page = records.size();
      for (store::MemberRecord& record : records) {
        after = record.id;
        EXPECT_TRUE(members.sealer().Open(std::move(record)).ok());
      }
    }
    ExpectWholeLedger(town_.world.chapter());
  }

  const DirectoryParts& parts() {
    return town_.world.chapter().directory_parts();
  }

  Town town_;
  Image image_;
};

// Not told as damage, which would send an operator after a backup.
TEST_F(SweepFaultTest, AFullDiskIsWaitedForAndIsNoDamage) {
  for (const bool sticky : {false, true}) {
    int rounds = 0;
    int stopped = 0;
    for (bool struck = true; struck; ++rounds) {
      SCOPED_TRACE(testing::Message()
                   << "operation " << rounds + 1 << " sticky " << sticky);
      SweepOneBatch();
      if (HasFatalFailure()) return;
      town_.world.disk().Arm({Mishap::kFull, rounds + 1, sticky});
      const absl::Status first = FinishRotation(town_);
      if (!first.ok()) ExpectNamedRefusal(first);
      struck = town_.world.disk().struck();
      town_.world.disk().Heal();
      absl::Status rest = FinishRotation(town_);
      if (!rest.ok()) {  // A sync was what failed: the store has stopped.
        ExpectNamedRefusal(rest);
        ++stopped;
        ASSERT_TRUE(town_.world.Open().ok());
        rest = FinishRotation(town_);
      }
      ASSERT_TRUE(rest.ok()) << rest;
      ExpectSwept();
    }
    EXPECT_GT(rounds, 10);
    EXPECT_LT(stopped, rounds / 2);
  }
}

TEST_F(SweepFaultTest, TheNextStartGoesOnBehindTheCursor) {
  for (const Mishap mishap :
       {Mishap::kFails, Mishap::kKill, Mishap::kPowerCut, Mishap::kShuffles}) {
    bool struck = true;
    for (int n = 1; struck; n += 7) {
      SCOPED_TRACE(testing::Message()
                   << "operation " << n << " of " << static_cast<int>(mishap));
      SweepOneBatch();
      if (HasFatalFailure()) return;
      town_.world.disk().Arm({mishap, n, false, static_cast<uint32_t>(n)});
      (void)FinishRotation(town_);
      town_.world.Close();
      struck = town_.world.disk().struck();
      town_.world.disk().Restart();
      const absl::Status opened = town_.world.Open();
      ASSERT_TRUE(opened.ok()) << opened;
      const absl::Status rest = FinishRotation(town_);
      ASSERT_TRUE(rest.ok()) << rest;
      ExpectSwept();
      town_.world.Close();
    }
  }
}

}  // namespace
}  // namespace sodality::core
