#include "server/app/housekeeper.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "tests/core/access/ended_fixture.h"

namespace sodality::app {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

// What it does by the hour is done at its start, and not again in a test.
constexpr Pace kOwedAlone{.index = milliseconds(1),
                          .expire = hours(1),
                          .check = hours(1),
                          .tombstones = hours(1),
                          .owed = milliseconds(1)};

class HousekeeperTest : public core::EndedFixture {
 protected:
  void AwaitEntries(uint64_t entries) {
    while (chapter_->tombstones().entries() < entries) {
      std::this_thread::yield();
    }
  }
};

TEST_F(HousekeeperTest, SaysAtItsStartThatNothingElseHasEnded) {
  const uint64_t before = chapter_->tombstones().entries();
  const Housekeeper housekeeper(
      *chapter_, [] {}, kOwedAlone);
  AwaitEntries(before + 1);
}

TEST_F(HousekeeperTest, WhatIsOwedIsTriedAgainBeforeTheHourIsOver) {
  const auto robin = Enrol("Robin", core::Role::kCoordinator);
  const uint64_t before = chapter_->tombstones().entries();
  const Housekeeper housekeeper(
      *chapter_, [] {}, kOwedAlone);
  AwaitEntries(before + 1);
  const std::string away = scratch_ / "away";
  std::filesystem::rename(path(), away);
  ASSERT_TRUE(Suspend("Robin").ok());
  EXPECT_TRUE(chapter_->tombstones().owes());
  std::filesystem::rename(away, path());
  while (chapter_->tombstones().owes()) std::this_thread::yield();
  EXPECT_EQ(Recorded().IsSuspended(robin.principal.bytes), true);
}

}  // namespace
}  // namespace sodality::app
