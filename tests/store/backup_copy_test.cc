// A copy of a store that is to be kept elsewhere, made while it is written to.
#include <atomic>
#include <fstream>
#include <thread>

#include "tests/store/page_copy_fixture.h"

namespace sodality::store {
namespace {

using absl::StatusCode;
using faults::FaultKind;
using faults::FaultVfs;
using faults::Operation;

// The sanitizers see more in each and take six times as long.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kFaultGap = 211;
#else
constexpr int kFaultGap = 53;
#endif

class BackupCopyTest : public PageCopyFixture {
 protected:
  PageKeyVersion First() const { return {1, key_}; }
  [[nodiscard]] bool HasCopy() const {
    return std::filesystem::exists(BackupPathOf(path_));
  }
  absl::Status BackUp(const std::function<absl::Status()>& at_end = Nothing) {
    return store_->BackUp(First(), at_end).status();
  }
  // The copy as a store, which is looked at and not changed.
  std::unique_ptr<SqlcipherStore> OpenCopy() {
    SqlcipherStore::Options options = OptionsFor(First());
    options.path = BackupPathOf(path_);
    options.examine = true;
    auto opened = SqlcipherStore::Open(options);
    EXPECT_TRUE(opened.ok()) << opened.status();
    return *std::move(opened);
  }
};

TEST_F(BackupCopyTest, IsOfOneMomentWhileMembersAreAdded) {
  std::atomic<bool> enough = false;
  std::atomic<uint32_t> next = kMembers;
  std::thread writer([&] {
    while (!enough) {
      ASSERT_TRUE(Apply(*store_, WriteNew(next++)).ok());
    }
  });
  Revision revision = 0;
  uint64_t members = 0;
  const auto copy = store_->BackUp(First(), [&] {
    revision = *store_->LastRevision();
    members = store_->Counts()->members;
    return absl::OkStatus();
  });
  enough = true;
  writer.join();
  ASSERT_TRUE(copy.ok()) << copy.status();
  EXPECT_EQ(copy->path, BackupPathOf(path_));
  EXPECT_EQ(copy->name, std::filesystem::path(path_).filename().string());
  EXPECT_GT(next, kMembers);
  {
    const auto copied = OpenCopy();
    EXPECT_EQ(*copied->LastRevision(), revision);
    EXPECT_EQ(copied->Counts()->members, members);
    EXPECT_EQ(*copied->ReadDigest(), *copied->ReadDigest());
    EXPECT_THAT(copied->CheckIntegrity().value(), testing::IsEmpty());
  }
  EXPECT_TRUE(store_->RemoveBackup().ok());
  EXPECT_FALSE(HasCopy());
  EXPECT_EQ(store_->Counts()->members, uint64_t{next});
}

TEST_F(BackupCopyTest, AnErrorAtItsEndLeavesNothing) {
  EXPECT_EQ(BackUp([] { return absl::DataLossError("no"); }).code(),
            StatusCode::kDataLoss);
  EXPECT_FALSE(HasCopy());
  EXPECT_TRUE(BackUp().ok());
  ExpectAll();
}

TEST_F(BackupCopyTest, IsOfTheKeyThatTheStoreHas) {
  const auto other = store_->BackUp(Second(), Nothing);
  EXPECT_EQ(other.status().code(), StatusCode::kAborted);
  EXPECT_FALSE(HasCopy());
  ASSERT_TRUE(Replace().ok());
  EXPECT_EQ(BackUp().code(), StatusCode::kAborted);
  const auto copy = store_->BackUp(Second(), Nothing);
  ASSERT_TRUE(copy.ok()) << copy.status();
  EXPECT_EQ(PathOf(path_, 2),
            std::filesystem::path(path_).parent_path() / copy->name);
}

// Beside one that is to take the store's place.
TEST_F(BackupCopyTest, GoesWithACopyUnderAnotherKey) {
  ASSERT_TRUE(Copy([&] { EXPECT_TRUE(BackUp().ok()); }).ok());
  ASSERT_TRUE(BackUp().ok());
  ASSERT_TRUE(store_->CheckCopy().ok());
  ASSERT_TRUE(store_->SwitchToCopy(Nothing).ok());
  ExpectAll();
}

TEST_F(BackupCopyTest, ADamagedPageIsNamed) {
  store_.reset();
  {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(200'000);
    file.write("xyz", 3);
  }
  OpenWith(First());
  EXPECT_EQ(BackUp().code(), StatusCode::kDataLoss);
  EXPECT_FALSE(HasCopy());
}

TEST_F(BackupCopyTest, WhereLittleRoomIsLeftNothingIsBegun) {
  store_.reset();
  SqlcipherStore::Options options = OptionsFor(First());
  options.copy_reserve_bytes = uint64_t{1} << 60;
  store_ = *SqlcipherStore::Open(options);
  EXPECT_EQ(BackUp().code(), StatusCode::kResourceExhausted);
  EXPECT_FALSE(HasCopy());
}

TEST_F(BackupCopyTest, EndsSoonWhenTheServerDoes) {
  store_->Interrupt();
  EXPECT_EQ(BackUp().code(), StatusCode::kCancelled);
  EXPECT_FALSE(HasCopy());
}

TEST_F(BackupCopyTest, WhatAnEarlierProcessLeftIsRemoved) {
  store_.reset();
  std::ofstream(BackupPathOf(path_)) << "half a copy";
  OpenWith(First());
  EXPECT_FALSE(HasCopy());
  std::ofstream(BackupPathOf(path_)) << "half a copy";
  EXPECT_TRUE(BackUp().ok());
  EXPECT_TRUE(HasCopy());
}

// Of the copy's file or the store's: the store goes on, or has stopped for a
// write of its own that failed; there is no half copy.
TEST_F(BackupCopyTest, EveryFaultLeavesAStore) {
  for (const FaultKind kind :
       {FaultKind::kDiskFull, FaultKind::kInputOutput, FaultKind::kTornWrite}) {
    FaultVfs::Installed().ResetCounts();
    ASSERT_TRUE(BackUp().ok());
    const int writes = FaultVfs::Installed().writes();
    ASSERT_GT(writes, kFaultGap);
    for (int n = 1; n <= writes; n += kFaultGap) {
      FaultVfs::Installed().Arm({kind, Operation::kWrite, n - 1});
      const absl::Status status = BackUp();
      FaultVfs::Installed().Disarm();
      EXPECT_FALSE(status.ok()) << n;
      EXPECT_FALSE(HasCopy()) << n;
    }
  }
  ASSERT_TRUE(BackUp().ok());
  ExpectAll();
}

}  // namespace
}  // namespace sodality::store
