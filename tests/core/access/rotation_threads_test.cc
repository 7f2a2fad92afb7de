// A sweep beside writers, under the thread sanitizer too.
#include <gmock/gmock.h>

#include <atomic>
#include <thread>
#include <utility>
#include <vector>

#include "server/core/keys/sweeper.h"
#include "tests/core/access/rotation_fixture.h"

namespace sodality::core {
namespace {

class RotationThreadsTest : public RotationFixture {
 protected:
  absl::Status Erase(const MemberId& member, uint64_t revision) {
    store::Write write;
    write.erase_members.push_back({member, revision});
    return chapter_->directory_parts()
        .committer.Commit(std::move(write), {.action = Action::kEraseMember})
        .status();
  }
};

TEST_F(RotationThreadsTest, WritersAndASweepLoseNothingToEachOther) {
  const auto first = Seal(1500);
  ASSERT_TRUE(Put(first).ok());
  std::atomic<bool> end = false;
  std::thread sweeper([&] {
    while (!end) {
      const auto worked = rotation().Step();
      EXPECT_TRUE(worked.ok()) << worked.status();
      if (!*worked) rotation().AwaitWork(std::chrono::milliseconds(1));
    }
  });
  std::thread asker([&] {
    while (!end) EXPECT_TRUE(rotation().Status().ok());
  });
  uint64_t members = first.size();
  for (uint32_t round = 1; round <= 3; ++round) {
    const auto begun = Start();
    ASSERT_TRUE(begun.ok()) << begun.status();
    EXPECT_EQ(begun->to, round + 1);
    for (size_t i = 0; i < 20; ++i) {
      // Those at the end of the order are still to be swept, mostly.
      const auto& gone = first[(round - 1) * 20 + i];
      EXPECT_TRUE(Erase(gone.id, 1).ok());
      // Refused when the rotation has ended since it was sealed.
      absl::Status added;
      do {
        added = Put(Seal(1));
      } while (absl::IsAborted(added));
      EXPECT_TRUE(added.ok()) << added;
    }
    while (rotation().Status()->rotation) std::this_thread::yield();
  }
  end = true;
  rotation().Wake();
  sweeper.join();
  asker.join();
  EXPECT_THAT(Counts(), testing::ElementsAre(std::pair(4u, members)));
  EXPECT_EQ(Opened(), members);
  EXPECT_TRUE(chapter_->CheckMembers().ok());
}

// A transaction is bounded by bytes, too: one member may have 4 MiB.
TEST_F(RotationThreadsTest, ABatchOfLargeRecordsIsASmallOne) {
  auto puts = Seal(120);
  for (store::PutMember& put : puts) put.sealed.resize(1 << 17);
  ASSERT_TRUE(Put(puts).ok());
  Sweeper sweeper(chapter_->directory_parts());
  Rotation at{.from = 1, .to = 2};
  uint64_t met = 0;
  int batches = 0;
  for (bool ended = false; !ended; ++batches) {
    const auto batch = sweeper.Take(at);
    ASSERT_TRUE(batch.ok()) << batch.status();
    EXPECT_LE(batch->damaged, 100u);  // 8 MiB, and what a page adds.
    met += batch->damaged;
    ended = batch->end;
    at.cursor = batch->last;
    // What is prepared for another cursor is not taken.
    sweeper.Prepare({.from = 1, .to = 2});
  }
  EXPECT_EQ(met, puts.size());
  EXPECT_EQ(batches, 2);
}

}  // namespace
}  // namespace sodality::core
