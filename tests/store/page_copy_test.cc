// A store whose file is replaced by a copy under another page key while it is
// read and written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "server/store/sqlcipher/store_file.h"
#include "tests/faults/fault_vfs.h"
#include "tests/store/sample.h"
#include "tests/store/sqlcipher_fixture.h"

namespace sodality::store {
namespace {

using absl::StatusCode;
using faults::FaultKind;
using faults::FaultVfs;
using faults::Operation;

constexpr uint32_t kMembers = 1500;

absl::Status Nothing() { return absl::OkStatus(); }

class PageCopyTest : public SqlcipherFixture {
 protected:
  void SetUp() override {
    other_key_[0] ^= 0xff;
    other_key_[40] ^= 0xff;
    OpenWith({1, key_}, /*create=*/true);
    for (uint32_t i = 0; i < kMembers; ++i) Put(i);
  }
  void TearDown() override { FaultVfs::Installed().Disarm(); }

  SqlcipherStore::Options OptionsFor(const PageKeyVersion& key) {
    SqlcipherStore::Options options = Options();
    options.key = key.key;
    options.page_version = key.version;
    options.copy_reserve_bytes = 0;
    return options;
  }
  void OpenWith(const PageKeyVersion& key, bool create = false) {
    store_.reset();
    SqlcipherStore::Options options = OptionsFor(key);
    options.create = create;
    auto opened = SqlcipherStore::Open(options);
    ASSERT_TRUE(opened.ok()) << opened.status();
    store_ = *std::move(opened);
  }
  static Write WriteNew(uint32_t i, uint64_t expected = 0) {
    PutMember put = PutOf(i, expected);
    put.sealed.resize(3000);
    return WriteOf(std::move(put));
  }
  void Put(uint32_t i) {
    const auto put = Apply(*store_, WriteNew(i));
    if (put.ok()) members_.insert(i);
    last_ = put.status();
  }
  PageKeyVersion Second() const { return {2, other_key_}; }

  // Steps to the end; between two of them something else happens.
  absl::Status Copy(const std::function<void()>& between = [] {}) {
    while (true) {
      const auto progress = store_->CopyOn(Second());
      if (!progress.ok()) return progress.status();
      EXPECT_LE(progress->done, progress->total);
      if (progress->whole) return absl::OkStatus();
      between();
    }
  }
  absl::Status Replace() {
    if (auto s = Copy(); !s.ok()) return s;
    if (auto s = store_->CheckCopy(); !s.ok()) return s;
    return store_->SwitchToCopy(Nothing);
  }
  void ExpectAll() {
    EXPECT_EQ(store_->Counts()->members, members_.size());
    for (const uint32_t i : members_) {
      EXPECT_TRUE(store_->Get(MemberOf(i)).ok()) << i;
    }
    EXPECT_THAT(store_->CheckIntegrity().value(), testing::IsEmpty());
  }
  [[nodiscard]] bool Exists(uint32_t version) const {
    return std::filesystem::exists(PathOf(path_, version));
  }

  std::vector<uint8_t> other_key_ = sqlcipher::TestKey();
  std::set<uint32_t> members_;
  absl::Status last_;
};

TEST_F(PageCopyTest, TakesTheStoresPlaceWhileItIsWrittenTo) {
  uint32_t next = kMembers;
  int steps = 0;
  ASSERT_TRUE(Copy([&] {
                ++steps;
                Put(next++);
              }).ok());
  EXPECT_GT(steps, 2);
  for (int i = 0; i < 10; ++i) Put(next++);  // Into both.
  ASSERT_TRUE(store_->CheckCopy().ok());
  Put(next++);
  const Revision before = *store_->LastRevision();
  bool asked = false;
  ASSERT_TRUE(store_
                  ->SwitchToCopy([&] {
                    asked = true;
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_TRUE(asked);
  EXPECT_EQ(*store_->LastRevision(), before);
  Put(next++);
  ASSERT_TRUE(last_.ok()) << last_;
  ExpectAll();
  EXPECT_TRUE(store_->RemoveFile(1).ok());
  EXPECT_FALSE(Exists(1));
  EXPECT_TRUE(Exists(2));
  EXPECT_EQ(store_->RemoveFile(2).code(), StatusCode::kFailedPrecondition);
  OpenWith(Second());
  ExpectAll();
}

TEST_F(PageCopyTest, FailedWritesAreInNeither) {
  ASSERT_TRUE(Copy().ok());
  const absl::Status taken = Apply(*store_, WriteNew(3, 7)).status();
  EXPECT_EQ(taken.code(), StatusCode::kAborted);
  Put(kMembers);
  ASSERT_TRUE(store_->CheckCopy().ok());
  ASSERT_TRUE(store_->SwitchToCopy(Nothing).ok());
  ExpectAll();
}

TEST_F(PageCopyTest, AGroupOfGoodAndBadWritesIsFollowed) {
  ASSERT_TRUE(Copy().ok());
  std::atomic<int> answered = 0;
  std::atomic<int> good = 0;
  constexpr int kWrites = 200;
  for (int i = 0; i < kWrites; ++i) {
    const auto number = static_cast<uint32_t>(kMembers + i);
    // Every third is of a revision that nobody is at.
    store_->Submit(WriteNew(number, i % 3 == 0 ? 5 : 0),
                   [&](const absl::StatusOr<Revision>& revision) {
                     good += revision.ok() ? 1 : 0;
                     ++answered;
                   });
    if (i % 3 != 0) members_.insert(number);
  }
  ASSERT_TRUE(store_->Checkpoint().ok());  // Behind them.
  EXPECT_EQ(answered, kWrites);
  EXPECT_EQ(good, kWrites - kWrites / 3 - 1);
  ASSERT_TRUE(store_->CheckCopy().ok());
  ASSERT_TRUE(store_->SwitchToCopy(Nothing).ok());
  ExpectAll();
}

// By a write before the copy, and by one that it followed.
TEST_F(PageCopyTest, WhatWasRetiredIsRefusedStill) {
  Write retire = EmptyWrite();
  retire.retire_wrap_below = 1;
  ASSERT_TRUE(Apply(*store_, retire).ok());
  ASSERT_TRUE(Copy().ok());
  retire = EmptyWrite();
  retire.retire_index_below = 1;
  ASSERT_TRUE(Apply(*store_, retire).ok());
  ASSERT_TRUE(store_->CheckCopy().ok());
  ASSERT_TRUE(store_->SwitchToCopy(Nothing).ok());
  Write late = WriteNew(kMembers);
  late.put_members[0].wrap_version = 0;
  EXPECT_EQ(Apply(*store_, late).status().code(), StatusCode::kAborted);
  late = WriteNew(kMembers);
  late.put_members[0].tokens = {{0, 1, 7}};
  EXPECT_EQ(Apply(*store_, late).status().code(), StatusCode::kAborted);
  Put(kMembers);
  ExpectAll();
}

TEST_F(PageCopyTest, WhatIsLeftOfAnEarlierCopyIsReplaced) {
  ASSERT_TRUE(store_->CopyOn(Second()).ok());
  OpenWith({1, key_});
  EXPECT_TRUE(Exists(2));
  ASSERT_TRUE(Replace().ok());
  ExpectAll();
}

TEST_F(PageCopyTest, NothingIsSwitchedBeforeItIsWholeAndChecked) {
  EXPECT_EQ(store_->CheckCopy().code(), StatusCode::kAborted);
  EXPECT_EQ(store_->SwitchToCopy(Nothing).code(), StatusCode::kAborted);
  ASSERT_TRUE(store_->CopyOn(Second()).ok());
  EXPECT_EQ(store_->CheckCopy().code(), StatusCode::kAborted);
  ASSERT_TRUE(Copy().ok());
  EXPECT_EQ(store_->SwitchToCopy(Nothing).code(), StatusCode::kAborted);
  store_->Interrupt();
  EXPECT_EQ(store_->CheckCopy().code(), StatusCode::kCancelled);
  EXPECT_EQ(store_->SwitchToCopy(Nothing).code(), StatusCode::kAborted);
  Put(kMembers);
  ExpectAll();
}

TEST_F(PageCopyTest, ADamagedCopyIsNoCopy) {
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

TEST_F(PageCopyTest, WhereLittleRoomIsLeftNothingIsBegun) {
  store_.reset();
  SqlcipherStore::Options options = OptionsFor({1, key_});
  options.copy_reserve_bytes = uint64_t{1} << 60;
  store_ = *SqlcipherStore::Open(options);
  EXPECT_EQ(store_->CopyOn(Second()).status().code(),
            StatusCode::kResourceExhausted);
  EXPECT_FALSE(Exists(2));
}

// Whatever fails, the store is whole under one of the keys: the old one until
// the switch was made.
TEST_F(PageCopyTest, EveryFaultLeavesAStore) {
  store_.reset();
  const auto image = scratch_ / "image.db";
  std::filesystem::copy_file(path_, image);
  for (const FaultKind kind :
       {FaultKind::kDiskFull, FaultKind::kInputOutput, FaultKind::kTornWrite}) {
    bool struck = true;
    for (int after = 0; struck; after += 97) {
      SCOPED_TRACE(testing::Message()
                   << "kind " << static_cast<int>(kind) << " after " << after);
      store_.reset();
      for (const uint32_t version : {1, 2}) {
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

// Nobody knows then which file the next start opens: both are the store.
TEST_F(PageCopyTest, AfterASwitchThatFailedBothFilesAreKeptUp) {
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

TEST_F(PageCopyTest, AFileThatCannotBeKeptUpStopsTheStore) {
  int stopped = 0;
  bool struck = true;
  for (int after = 0; struck; ++after) {
    SCOPED_TRACE(testing::Message() << "after " << after);
    OpenWith({1, key_});
    ASSERT_TRUE(Copy().ok());
    ASSERT_TRUE(store_->CheckCopy().ok());
    EXPECT_FALSE(
        store_->SwitchToCopy([] { return absl::UnavailableError("no"); }).ok());
    const auto next = static_cast<uint32_t>(kMembers + after);
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
  EXPECT_GT(stopped, 2);
}

TEST_F(PageCopyTest, ReadersAndWritersSeeOneStore) {
  std::atomic<bool> end = false;
  std::atomic<uint32_t> written = kMembers;
  std::thread writer([&] {
    while (!end) {
      Put(written);
      EXPECT_TRUE(last_.ok()) << last_;
      ++written;
    }
  });
  std::thread reader([&] {
    while (!end) {
      const uint32_t least = written;
      EXPECT_GE(store_->Counts()->members, least);
      EXPECT_TRUE(store_->Get(MemberOf(least - 1)).ok());
    }
  });
  ASSERT_TRUE(Replace().ok());
  EXPECT_TRUE(store_->RemoveFile(1).ok());
  end = true;
  writer.join();
  reader.join();
  ExpectAll();
}

TEST(PathOfTest, NamesTheVersionBeforeTheEnd) {
  EXPECT_EQ(PathOf("a.b/members.db", 1), "a.b/members.db");
  EXPECT_EQ(PathOf("a.b/members.db", 12), "a.b/members.12.db");
  EXPECT_EQ(PathOf("a.b/members", 2), "a.b/members.2");
}

}  // namespace
}  // namespace sodality::store
