// What ends leaves a tombstone.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "tests/core/access/ended_fixture.h"

namespace sodality::core {
namespace {

using TombstonesOfActsTest = EndedFixture;

TEST_F(TombstonesOfActsTest, EveryActThatEndsSomethingIsRecorded) {
  const Caller robin = Enrol("Robin", Role::kCoordinator);
  const auto grant =
      chapter_->access_control().CreateGrant(admin_, Granting("Robin"));
  const MemberId member = Members(1).front();
  const uint64_t before = chapter_->tombstones().entries();
  ASSERT_TRUE(chapter_->access_control()
                  .RevokeGrant(admin_, *grant, NewRequest())
                  .ok());
  ASSERT_TRUE(chapter_->access_control()
                  .RevokeDevice(admin_, robin.device, NewRequest())
                  .ok());
  ASSERT_TRUE(chapter_->access_control()
                  .SuspendPrincipal(admin_, "Robin", false, NewRequest())
                  .ok());
  ASSERT_TRUE(Erase(member).ok());
  EXPECT_EQ(chapter_->tombstones().entries() - before, 4U);
  const Ended ended = Recorded();
  EXPECT_TRUE(ended.Holds({EndedKind::kGrant, grant->bytes}));
  EXPECT_TRUE(ended.Holds({EndedKind::kDevice, robin.device.bytes}));
  EXPECT_EQ(ended.IsSuspended(robin.principal.bytes), true);
  EXPECT_TRUE(Named(ended, member));
  // Robin's and Ada's invites were used.
  const auto for_good = ended.ForGood();
  EXPECT_EQ(std::count_if(for_good.begin(), for_good.end(),
                          [](const Tombstone& one) {
                            return one.kind == EndedKind::kInvite;
                          }),
            2);
  ASSERT_TRUE(chapter_->access_control()
                  .SuspendPrincipal(admin_, "Robin", true, NewRequest())
                  .ok());
  EXPECT_EQ(Recorded().IsSuspended(robin.principal.bytes), false);
}

TEST_F(TombstonesOfActsTest, AFileThatIsLostIsMadeAnewFromTheDatabase) {
  const Caller robin = Enrol("Robin", Role::kCoordinator);
  ASSERT_TRUE(chapter_->access_control()
                  .RevokeDevice(admin_, robin.device, NewRequest())
                  .ok());
  const MemberId member = Members(1).front();
  ASSERT_TRUE(Erase(member).ok());
  const auto was = Recorded().ForGood();
  chapter_.reset();
  std::filesystem::remove(path());
  ASSERT_TRUE(Restart().ok());
  EXPECT_EQ(Recorded().ForGood(), was);
  EXPECT_EQ(Content()->entries.size(), 1U);
}

TEST_F(TombstonesOfActsTest, ADatabaseBehindItsTombstonesIsRefused) {
  const Caller robin = Enrol("Robin", Role::kCoordinator);
  BackUp();
  ASSERT_TRUE(chapter_->access_control()
                  .RevokeDevice(admin_, robin.device, NewRequest())
                  .ok());
  chapter_.reset();
  std::filesystem::copy_file(path(), before() + "/tombstones",
                             std::filesystem::copy_options::overwrite_existing);
  std::filesystem::remove_all(folder_);
  std::filesystem::rename(before(), folder_);
  const auto status = Restart();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(std::string(status.message())
                  .starts_with("the database is older than the tombstones"));
}

TEST_F(TombstonesOfActsTest, DamageIsNamedAtAStart) {
  ASSERT_TRUE(chapter_->tombstones().Record({}).ok());
  ASSERT_TRUE(chapter_->tombstones().Record({}).ok());
  chapter_.reset();
  {
    auto file = *platform::PosixFileSystem().Open(path(), false);
    ASSERT_TRUE(file->WriteAt(80, std::vector<uint8_t>{0, 0, 0, 0}).ok());
  }
  const auto status = Restart();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_TRUE(std::string(status.message()).starts_with("the tombstones: "));
}

}  // namespace
}  // namespace sodality::core
