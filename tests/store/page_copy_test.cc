// A store whose file is replaced by a copy under another page key while it is
// read and written.
#include <atomic>
#include <thread>

#include "tests/store/page_copy_fixture.h"

namespace sodality::store {
namespace {

using absl::StatusCode;

class PageCopyTest : public PageCopyFixture {};

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
    const auto number = kMembers + static_cast<uint32_t>(i);
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

// Whatever fails, the store is whole under one of the keys: the old one until
// the switch was made.
// Nobody knows then which file the next start opens: both are the store.
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
