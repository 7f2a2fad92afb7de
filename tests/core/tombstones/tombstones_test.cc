#include "server/core/tombstones/tombstones.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/core/tombstones/some_tombstones.h"
#include "tests/faults/fault_file_system.h"
#include "tests/scratch.h"

namespace sodality::core {
namespace {

using absl::StatusCode;

constexpr Tombstone kDevice = {EndedKind::kDevice, {1}};
constexpr Tombstone kGrant = {EndedKind::kGrant, {2}};
constexpr Tombstone kInvite = {EndedKind::kInvite, {3}};

class TombstonesTest : public testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<Tombstones>> Open(platform::FileSystem& fs) {
    return Tombstones::Open({path_, fs, clock_, crypto::SystemRandom()},
                            keyring_);
  }
  std::unique_ptr<Tombstones> Open() {
    auto opened = Open(platform::PosixFileSystem());
    EXPECT_TRUE(opened.ok()) << opened.status();
    return *std::move(opened);
  }
  Ended InFile() {
    const auto bytes =
        platform::ReadFile(platform::PosixFileSystem(), path_, 1 << 20);
    Ended ended;
    if (!bytes.ok()) return ended;
    const auto content = TombstoneCodec::Create(keyring_)->Read(*bytes);
    EXPECT_TRUE(content.ok()) << content.status();
    for (const auto& entry : content->entries) ended.Add(entry);
    return ended;
  }

  const crypto::Keyring keyring_ = SomeKeyring();
  platform::FakeClock clock_{Timestamp{5000}};
  const Scratch scratch_;
  const std::string path_ = scratch_ / "tombstones";
};

TEST_F(TombstonesTest, WithoutAFileThereAreNoneAndNoneIsMade) {
  const auto none = Open();
  EXPECT_EQ(none->length(), 0U);
  EXPECT_EQ(none->entries(), 0U);
  EXPECT_TRUE(none->CheckWithin({}).ok());
  EXPECT_TRUE(none->CatchUp({}).ok());
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(TombstonesTest, WhatIsRecordedStaysAndGrowsAtItsEnd) {
  auto tombstones = Open();
  ASSERT_TRUE(tombstones->Record({kDevice}).ok());
  const auto first =
      *platform::ReadFile(platform::PosixFileSystem(), path_, 1 << 20);
  EXPECT_EQ(tombstones->length(), first.size());
  clock_.Advance(std::chrono::seconds(1));
  ASSERT_TRUE(tombstones->Record({kGrant}).ok());
  tombstones = Open();
  EXPECT_EQ(tombstones->entries(), 2U);
  EXPECT_EQ(tombstones->as_of(), Timestamp{6000});
  ASSERT_TRUE(tombstones->Record({kInvite}).ok());
  const auto all =
      *platform::ReadFile(platform::PosixFileSystem(), path_, 1 << 20);
  EXPECT_TRUE(std::equal(first.begin(), first.end(), all.begin()));
  for (const Tombstone& one : {kDevice, kGrant, kInvite}) {
    EXPECT_TRUE(InFile().Holds(one));
  }
}

TEST_F(TombstonesTest, TheSameIsRecordedOnce) {
  const auto tombstones = Open();
  ASSERT_TRUE(tombstones->Record({kDevice}).ok());
  ASSERT_TRUE(tombstones->Record({kDevice}).ok());
  EXPECT_EQ(tombstones->entries(), 1U);
  // Nobody was ever suspended.
  ASSERT_TRUE(tombstones->Record({{EndedKind::kSuspensionLifted, {9}}}).ok());
  EXPECT_EQ(tombstones->entries(), 1U);
  // That nothing else ended is news each time.
  ASSERT_TRUE(tombstones->Record({}).ok());
  ASSERT_TRUE(tombstones->Record({}).ok());
  EXPECT_EQ(tombstones->entries(), 3U);
}

// Of a suspension the latest entry holds, whatever the clock says.
TEST_F(TombstonesTest, AClockThatIsSetBackTurnsNothingRound) {
  const auto tombstones = Open();
  ASSERT_TRUE(tombstones->Record({{EndedKind::kSuspended, {4}}}).ok());
  ASSERT_TRUE(tombstones->Record({{EndedKind::kSuspensionLifted, {4}}}).ok());
  clock_.Advance(std::chrono::seconds(-3));
  ASSERT_TRUE(tombstones->Record({{EndedKind::kSuspended, {4}}}).ok());
  EXPECT_EQ(InFile().IsSuspended({4}), true);
  ASSERT_TRUE(Open()->Record({{EndedKind::kSuspensionLifted, {4}}}).ok());
  EXPECT_EQ(InFile().IsSuspended({4}), false);
}

// A database from before a suspension does not lift it in the file.
TEST_F(TombstonesTest, AStartLiftsNoSuspension) {
  ASSERT_TRUE(Open()->Record({{EndedKind::kSuspended, {4}}}).ok());
  ASSERT_TRUE(Open()->CatchUp({{EndedKind::kSuspensionLifted, {4}}}).ok());
  EXPECT_EQ(InFile().IsSuspended({4}), true);
}

TEST_F(TombstonesTest, ManyAtOnceTakeSeveralEntries) {
  std::vector<Tombstone> many;
  for (uint16_t i = 0; i < 5000; ++i) {
    many.push_back({EndedKind::kErased,
                    {static_cast<uint8_t>(i), static_cast<uint8_t>(i >> 8)}});
  }
  const auto tombstones = Open();
  ASSERT_TRUE(tombstones->Record(many).ok());
  EXPECT_EQ(tombstones->entries(), 3U);
  EXPECT_EQ(InFile().ForGood().size(), 5000U);
}

TEST_F(TombstonesTest, ADatabaseThatKnowsLessIsOlder) {
  ASSERT_TRUE(Open()->Record({kDevice, kGrant}).ok());
  const auto tombstones = Open();
  EXPECT_TRUE(tombstones->CheckWithin({kGrant, kDevice, kInvite}).ok());
  EXPECT_EQ(tombstones->CheckWithin({kGrant}).code(),
            StatusCode::kFailedPrecondition);
  // One that knows more was stopped in between.
  ASSERT_TRUE(tombstones->CatchUp({kGrant, kDevice, kInvite}).ok());
  EXPECT_TRUE(InFile().Holds(kInvite));
  EXPECT_EQ(tombstones->entries(), 2U);
}

TEST_F(TombstonesTest, ATornEndGoesWithTheNextAppend) {
  ASSERT_TRUE(Open()->Record({kDevice}).ok());
  ASSERT_TRUE(Open()->Record({kGrant}).ok());
  std::filesystem::resize_file(path_, std::filesystem::file_size(path_) - 7);
  auto tombstones = Open();
  EXPECT_GT(tombstones->torn_bytes(), 0U);
  EXPECT_TRUE(tombstones->CheckWithin({kDevice, kGrant}).ok());
  ASSERT_TRUE(tombstones->CatchUp({kDevice, kGrant}).ok());
  tombstones = Open();
  EXPECT_EQ(tombstones->torn_bytes(), 0U);
  EXPECT_TRUE(InFile().Holds(kGrant));
}

// Whatever fails: what was recorded before stays, and what is owed goes before
// the next.
TEST_F(TombstonesTest, WhatCouldNotBeWrittenIsOwed) {
  using faults::Operation;
  for (const auto operation :
       {Operation::kWrite, Operation::kSync, Operation::kOpen,
        Operation::kRename, Operation::kSyncFolder}) {
    for (const size_t torn : {size_t{0}, size_t{30}}) {
      std::filesystem::remove(path_);
      faults::FaultFileSystem fs(platform::PosixFileSystem());
      const auto tombstones = *Open(fs);
      ASSERT_TRUE(tombstones->Record({kDevice}).ok());
      fs.Inject({.operation = operation, .sticky = true, .torn_bytes = torn});
      const absl::Status first = tombstones->Record({kGrant});
      EXPECT_EQ(tombstones->owes(), !first.ok());
      if (!first.ok()) {
        // Written it may be, but nobody relies on that.
        EXPECT_LE(tombstones->length(), Open()->length());
      }
      // Anew, in another file, which the fault may hit, too.
      (void)tombstones->Record({kInvite});
      EXPECT_TRUE(InFile().Holds(kDevice));
      fs.Heal();
      ASSERT_TRUE(tombstones->Record({}).ok());
      EXPECT_FALSE(tombstones->owes());
      for (const Tombstone& one : {kDevice, kGrant, kInvite}) {
        EXPECT_TRUE(InFile().Holds(one));
      }
      EXPECT_EQ(Open()->torn_bytes(), 0U);
    }
  }
}

TEST_F(TombstonesTest, ASuspensionThatIsOwedIsNotTurnedRound) {
  faults::FaultFileSystem fs(platform::PosixFileSystem());
  const auto tombstones = *Open(fs);
  fs.Inject({.operation = faults::Operation::kOpen, .sticky = true});
  EXPECT_FALSE(tombstones->Record({{EndedKind::kSuspended, {4}}}).ok());
  EXPECT_FALSE(tombstones->Record({{EndedKind::kSuspensionLifted, {4}}}).ok());
  fs.Heal();
  ASSERT_TRUE(tombstones->Record({}).ok());
  EXPECT_EQ(InFile().IsSuspended({4}), false);
}

TEST_F(TombstonesTest, KilledAnywhereWhatWasAnsweredIsThere) {
  bool struck = true;
  for (int nth = 1; struck; ++nth) {
    std::filesystem::remove(path_);
    ASSERT_TRUE(Open()->Record({kDevice}).ok());
    faults::FaultFileSystem fs(platform::PosixFileSystem());
    const auto tombstones = *Open(fs);
    fs.KillAt(nth, /*torn_bytes=*/20);
    const bool first = tombstones->Record({kGrant}).ok();
    const bool second = tombstones->Record({kInvite}).ok();
    struck = fs.Struck();
    EXPECT_EQ(first && second, !struck);
    EXPECT_TRUE(InFile().Holds(kDevice));
    if (first) {
      EXPECT_TRUE(InFile().Holds(kGrant));
    }
    // The next start knows from the database.
    const auto again = Open();
    EXPECT_TRUE(again->CheckWithin({kDevice, kGrant, kInvite}).ok());
    ASSERT_TRUE(again->CatchUp({kDevice, kGrant, kInvite}).ok());
    EXPECT_TRUE(InFile().Holds(kInvite));
  }
}

}  // namespace
}  // namespace sodality::core
