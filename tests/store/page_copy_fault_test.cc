// What may go wrong with a copy that is to take the store's place.
#include <atomic>
#include <fstream>
#include <string>

#include "platform/file.h"
#include "tests/store/page_copy_fixture.h"

namespace sodality::store {
namespace {

using absl::StatusCode;
using faults::FaultKind;
using faults::FaultVfs;
using faults::Operation;

// The sanitizers see more in each and take six times as long.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kGap = 401;
constexpr int kSmallGap = 7;
#else
constexpr int kGap = 97;
constexpr int kSmallGap = 1;
#endif

class PageCopyFaultTest : public PageCopyFixture {};

TEST_F(PageCopyFaultTest, ADamagedCopyIsNoCopy) {
  ASSERT_TRUE(Copy().ok());
  {
    std::fstream file(PathOf(path_, 2),
                      std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(200'000);
    file.write("xyz", 3);
  }
  const absl::Status checked = store_->CheckCopy();
  EXPECT_EQ(checked.code(), StatusCode::kDataLoss);
  EXPECT_THAT(std::string(checked.message()), testing::HasSubstr("page"));
  EXPECT_FALSE(Exists(2));
  ExpectAll();
  ASSERT_TRUE(Replace().ok());
  ExpectAll();
}

TEST_F(PageCopyFaultTest, WhereLittleRoomIsLeftNothingIsBegun) {
  store_.reset();
  SqlcipherStore::Options options = OptionsFor({1, key_});
  options.copy_reserve_bytes = uint64_t{1} << 60;
  store_ = *SqlcipherStore::Open(options);
  EXPECT_EQ(store_->CopyOn(Second()).status().code(),
            StatusCode::kResourceExhausted);
  EXPECT_FALSE(Exists(2));
}

TEST_F(PageCopyFaultTest, EveryFaultLeavesAStore) {
  store_.reset();
  const auto image = scratch_ / "image.db";
  std::filesystem::copy_file(path_, image);
  for (const FaultKind kind :
       {FaultKind::kDiskFull, FaultKind::kInputOutput, FaultKind::kTornWrite}) {
    bool struck = true;
    for (int after = 0; struck; after += kGap) {
      SCOPED_TRACE(testing::Message()
                   << "kind " << static_cast<int>(kind) << " after " << after);
      store_.reset();
      for (const uint32_t version : {1U, 2U}) {
        ASSERT_TRUE(sqlcipher::RemoveDatabase(PathOf(path_, version)).ok());
      }
      std::filesystem::copy_file(image, path_);
      members_.clear();
      for (uint32_t i = 0; i < kMembers; ++i) members_.insert(i);
      OpenWith({1, key_});
      FaultVfs::Installed().Arm({kind, Operation::kWriteOrSync, after, true});
      bool switched = false;
      uint32_t next = kMembers;
      absl::Status status = Copy([&] { Put(next++); });
      if (status.ok()) Put(next++);
      if (status.ok()) status = store_->CheckCopy();
      if (status.ok()) {
        status = store_->SwitchToCopy([&] {
          switched = true;
          return absl::OkStatus();
        });
      }
      if (status.ok()) Put(next++);
      struck = FaultVfs::Installed().struck();
      EXPECT_EQ(struck, !status.ok() || !last_.ok()) << status;
      store_.reset();
      FaultVfs::Installed().Disarm();
      OpenWith(switched ? Second() : PageKeyVersion{1, key_});
      EXPECT_GE(store_->Counts()->members, members_.size());
      for (const uint32_t i : members_) {
        ASSERT_TRUE(store_->Get(MemberOf(i)).ok()) << i;
      }
      EXPECT_THAT(store_->CheckIntegrity().value(), testing::IsEmpty());
    }
  }
}

TEST_F(PageCopyFaultTest, AfterASwitchThatFailedBothFilesAreKeptUp) {
  ASSERT_TRUE(Copy().ok());
  ASSERT_TRUE(store_->CheckCopy().ok());
  EXPECT_EQ(store_
                ->SwitchToCopy([] {
                  return absl::UnavailableError("the keyring's sync failed");
                })
                .code(),
            StatusCode::kUnavailable);
  Put(kMembers);
  ASSERT_TRUE(last_.ok()) << last_;
  for (const auto& key : {Second(), PageKeyVersion{1, key_}}) {
    OpenWith(key);
    ExpectAll();
  }
}

TEST_F(PageCopyFaultTest, AFileThatCannotBeKeptUpStopsTheStore) {
  int stopped = 0;
  bool struck = true;
  for (int after = 0; struck; after += kSmallGap) {
    SCOPED_TRACE(testing::Message() << "after " << after);
    OpenWith({1, key_});
    ASSERT_TRUE(Copy().ok());
    ASSERT_TRUE(store_->CheckCopy().ok());
    EXPECT_FALSE(
        store_->SwitchToCopy([] { return absl::UnavailableError("no"); }).ok());
    const auto next = kMembers + static_cast<uint32_t>(after);
    FaultVfs::Installed().Arm({FaultKind::kDiskFull, Operation::kWrite, after});
    Put(next);
    struck = FaultVfs::Installed().struck();
    FaultVfs::Installed().Disarm();
    EXPECT_EQ(struck, !last_.ok()) << last_;
    if (absl::IsUnavailable(last_)) {
      ++stopped;
      EXPECT_FALSE(store_->WriterStatus().ok());
      Put(next);
      EXPECT_TRUE(absl::IsUnavailable(last_)) << last_;
    }
    const std::set<uint32_t> told = members_;
    for (const auto& key : {Second(), PageKeyVersion{1, key_}}) {
      OpenWith(key);
      for (const uint32_t i : told) {
        ASSERT_TRUE(store_->Get(MemberOf(i)).ok()) << i;
      }
    }
    // It may be there without having been acknowledged.
    if (store_->Get(MemberOf(next)).ok()) members_.insert(next);
  }
  EXPECT_GT(stopped, 0);
}

// A part of a group would be a state that no start takes for whole.
TEST_F(PageCopyFaultTest, OfAGroupThatItCannotFollowACopyHasNothing) {
  ASSERT_TRUE(Copy().ok());
  ASSERT_TRUE(store_->CheckCopy().ok());
  {
    auto raw = sqlcipher::Connection::Open(
        {PathOf(path_, 2), other_key_, sqlcipher::OpenMode::kReadWrite});
    ASSERT_TRUE(raw->Execute("DELETE FROM members WHERE key ="
                             " (SELECT max(key) FROM members)")
                    .ok());
  }
  const Revision before = *store_->LastRevision();
  std::atomic<int> refused = 0;
  const WriteDone done = [&](const absl::StatusOr<Revision>& revision) {
    refused += absl::IsUnavailable(revision.status()) ? 1 : 0;
  };
  // On the writer's thread, so that they are one group.
  EXPECT_FALSE(store_
                   ->SwitchToCopy([&] {
                     store_->Submit(WriteNew(kMembers), done);
                     for (uint32_t i = 0; i < kMembers; ++i) {
                       if (i % 10 == 0) store_->Submit(WriteNew(i, 1), done);
                     }
                     store_->Submit(WriteNew(Last(), 1), done);
                     return absl::UnavailableError("no");
                   })
                   .ok());
  (void)store_->Checkpoint();  // Behind them.
  EXPECT_EQ(refused, 1 + static_cast<int>(kMembers) / 10 + 1);
  EXPECT_FALSE(store_->WriterStatus().ok());
  OpenWith(Second());
  EXPECT_EQ(*store_->LastRevision(), before);
}

// Of a store that has stopped nothing is copied, and nothing is taken away.
TEST_F(PageCopyFaultTest, AStoppedStoreKeepsItsFile) {
  ASSERT_TRUE(Replace().ok());
  FaultVfs::Installed().Arm({FaultKind::kInputOutput, Operation::kSync});
  Put(kMembers);
  EXPECT_FALSE(last_.ok());
  FaultVfs::Installed().Disarm();
  EXPECT_EQ(store_->CopyOn({3, key_}).status().code(),
            StatusCode::kUnavailable);
  EXPECT_TRUE(Exists(2));
  EXPECT_EQ(store_->CopyOn(Second()).status().code(),
            StatusCode::kFailedPrecondition);
  OpenWith(Second());
  for (const uint32_t i : members_) {
    ASSERT_TRUE(store_->Get(MemberOf(i)).ok()) << i;
  }
}

TEST_F(PageCopyFaultTest, AKeyringThatWasNotReplacedLeavesTheCopyFree) {
  ASSERT_TRUE(Copy().ok());
  ASSERT_TRUE(store_->CheckCopy().ok());
  // As the keyring's file is written.
  platform::FileSystem& files = platform::PosixFileSystem();
  const std::string nowhere = scratch_ / "none/keyring";
  EXPECT_FALSE(store_
                   ->SwitchToCopy([&] {
                     return platform::ReplaceFile(files, nowhere, key_);
                   })
                   .ok());
  Put(kMembers);
  const int writes = WritesOf(kMembers + 1);
  bool failed = false;
  for (int after = writes / 2; after < writes && !failed; ++after) {
    FaultVfs::Installed().Arm({FaultKind::kDiskFull, Operation::kWrite, after});
    Put(kMembers + 2 + static_cast<uint32_t>(after));
    failed = FaultVfs::Installed().struck() && last_.ok();
    FaultVfs::Installed().Disarm();
  }
  EXPECT_TRUE(failed) << "the copy alone was to fail";
  EXPECT_TRUE(store_->WriterStatus().ok());
  // It is given up, and another is as good.
  EXPECT_FALSE(store_->CopyOn(Second()).ok());
  ASSERT_TRUE(Replace().ok());
  ExpectAll();
}

TEST_F(PageCopyFaultTest, SoMuchWrittenThatTheCheckIsBehindGivesTheCopyUp) {
  store_.reset();
  SqlcipherStore::Options options = OptionsFor({1, key_});
  options.checkpoint_bytes = 64 << 10;
  store_ = *SqlcipherStore::Open(options);
  ASSERT_TRUE(Copy().ok());
  for (uint32_t i = 0; i < 400; ++i) Put(kMembers + i);
  EXPECT_EQ(store_->CheckCopy().code(), StatusCode::kAborted);
  EXPECT_FALSE(Exists(2));
  ASSERT_TRUE(Replace().ok());
  ExpectAll();
}

}  // namespace
}  // namespace sodality::store
