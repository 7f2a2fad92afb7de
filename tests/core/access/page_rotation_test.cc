// A page key that is rotated while the directory is in use.
#include <gmock/gmock.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>
#include <utility>

#include "server/store/sqlcipher/store_file.h"
#include "tests/core/access/rotation_fixture.h"

namespace sodality::core {
namespace {

using absl::StatusCode;
using testing::ElementsAre;

class PageRotationTest : public RotationFixture {
 protected:
  absl::StatusOr<Rotation> StartPages() {
    return Start(RotationWork::kRekeyPages);
  }
  uint32_t ActiveVersion() {
    return chapter_->keyring()->Active<crypto::PageKey>()->version;
  }
  [[nodiscard]] bool HasFile(uint32_t version) const {
    return std::filesystem::exists(
        store::PathOf(folder_ + "/members.db", version));
  }
  RotationPhase Phase() {
    return rotation().Status()->rotation->rotation.phase;
  }
  void ExpectWhole(size_t members) {
    EXPECT_EQ(Opened(), members);
    EXPECT_TRUE(chapter_->CheckMembers().ok());
    EXPECT_THAT(chapter_->store().maintenance()->CheckIntegrity().value(),
                testing::IsEmpty());
  }
  // Until a step fails.
  absl::Status RunIntoFault(KeyringFault fault) {
    keyring_fault_ = fault;
    absl::Status stopped;
    do {
      stopped = rotation().Step().status();
    } while (stopped.ok());
    keyring_fault_ = KeyringFault::kNone;
    return stopped;
  }
};

TEST_F(PageRotationTest, TheStoreIsUnderTheNewKey) {
  ASSERT_TRUE(Put(Seal(1500)).ok());
  const auto begun = StartPages();
  ASSERT_TRUE(begun.ok()) << begun.status();
  EXPECT_EQ(begun->kind, crypto::KeyKind::kPage);
  EXPECT_EQ(begun->to, 2u);
  EXPECT_EQ(ActiveVersion(), 1u);
  EXPECT_EQ(Phase(), RotationPhase::kCopying);
  EXPECT_EQ(ReasonOf(Start().status()), Reason::kRotationRunning);
  // In the midst of it.
  ASSERT_TRUE(rotation().Step().value());
  const auto progress = rotation().Status()->rotation;
  EXPECT_GT(progress->done, 0u);
  EXPECT_LE(progress->done, progress->total);
  ASSERT_TRUE(Put(Seal(50)).ok());
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(ActiveVersion(), 2u);
  EXPECT_FALSE(rotation().Status()->rotation);
  EXPECT_FALSE(HasFile(1));
  EXPECT_TRUE(HasFile(2));
  EXPECT_THAT(KeyActs(), ElementsAre("ROTATE_KEY 2", "PREPARE_KEY 2",
                                     "ACTIVATE_KEY 2", "FINISH_ROTATION 2"));
  ASSERT_TRUE(Put(Seal(10)).ok());
  ExpectWhole(1560);
  ASSERT_TRUE(Restart().ok());
  ExpectWhole(1560);
  // And again.
  ASSERT_TRUE(StartPages().ok());
  ASSERT_TRUE(Run().ok());
  EXPECT_TRUE(HasFile(3));
  EXPECT_FALSE(HasFile(2));
  ExpectWhole(1560);
}

// A start after any number of steps, with a write before and behind it.
TEST_F(PageRotationTest, GoesOnAfterAnyStop) {
  ASSERT_TRUE(Put(Seal(300)).ok());
  size_t members = 300;
  bool ended = false;
  uint32_t version = 1;
  for (int steps = 0; !ended; ++steps) {
    SCOPED_TRACE(testing::Message() << steps << " steps");
    ASSERT_TRUE(StartPages().ok());
    for (int i = 0; i < steps; ++i) ASSERT_TRUE(rotation().Step().ok());
    ended = !rotation().Status()->rotation;
    ASSERT_TRUE(Put(Seal(1)).ok());
    const absl::Status opened = Restart();
    ASSERT_TRUE(opened.ok()) << opened;
    ASSERT_TRUE(Put(Seal(1)).ok());
    members += 2;
    ASSERT_TRUE(Run().ok());
    ++version;
    EXPECT_EQ(ActiveVersion(), version);
    EXPECT_FALSE(HasFile(version - 1));
    ExpectWhole(members);
  }
}

// The keyring's file is the switch: whichever stands is right.
TEST_F(PageRotationTest, AKeyringThatIsNotWrittenLeavesTheOldStore) {
  ASSERT_TRUE(Put(Seal(300)).ok());
  ASSERT_TRUE(StartPages().ok());
  EXPECT_EQ(RunIntoFault(KeyringFault::kRefused).code(),
            StatusCode::kResourceExhausted);
  EXPECT_EQ(ActiveVersion(), 1u);
  EXPECT_NE(rotation().Status()->rotation->problem, "");
  ASSERT_TRUE(Put(Seal(5)).ok());
  // Tried again.
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(ActiveVersion(), 2u);
  ExpectWhole(305);
}

TEST_F(PageRotationTest, AKeyringOfWhichNobodyKnowsIsTheNextStartsToFind) {
  ASSERT_TRUE(Put(Seal(300)).ok());
  ASSERT_TRUE(StartPages().ok());
  EXPECT_EQ(RunIntoFault(KeyringFault::kUnknown).code(),
            StatusCode::kUnavailable);
  EXPECT_EQ(ActiveVersion(), 1u);
  ASSERT_TRUE(Put(Seal(5)).ok());
  ASSERT_TRUE(Restart().ok());
  EXPECT_EQ(ActiveVersion(), 2u);
  ExpectWhole(305);
  ASSERT_TRUE(Run().ok());
  EXPECT_FALSE(HasFile(1));
  ExpectWhole(305);
}

// The file of the first key, put back with the keyring of then.
TEST_F(PageRotationTest, WhatWasReplacedIsNoChapter) {
  ASSERT_TRUE(Put(Seal(20)).ok());
  chapter_.reset();
  const crypto::Keyring keyring = keyring_.Clone();
  std::filesystem::copy_file(folder_ + "/members.db", folder_ + "/kept");
  ASSERT_TRUE(Restart().ok());
  ASSERT_TRUE(StartPages().ok());
  ASSERT_TRUE(Run().ok());
  chapter_.reset();
  std::filesystem::copy_file(folder_ + "/kept", folder_ + "/members.db");
  keyring_ = keyring.Clone();
  const absl::Status refused = Restart();
  EXPECT_EQ(refused.code(), StatusCode::kFailedPrecondition) << refused;
}

TEST_F(PageRotationTest, LookUpsAndWritesGoOn) {
  ASSERT_TRUE(Put(Seal(1500)).ok());
  std::atomic<bool> end = false;
  std::thread worker([&] {
    while (!end) {
      EXPECT_TRUE(rotation().Step().ok());
      rotation().AwaitWork(std::chrono::milliseconds(1));
    }
  });
  std::atomic<size_t> written = 1500;
  std::thread reader([&] {
    while (!end) {
      const size_t least = written;
      EXPECT_GE(Opened(), least);
    }
  });
  for (int round = 0; round < 2; ++round) {
    const auto begun = StartPages();
    EXPECT_TRUE(begun.ok()) << begun.status();
    do {
      const absl::Status added = Put(Seal(1));
      EXPECT_TRUE(added.ok()) << added;
      ++written;
    } while (rotation().Status()->rotation);
  }
  end = true;
  rotation().Wake();
  worker.join();
  reader.join();
  EXPECT_EQ(ActiveVersion(), 3u);
  ExpectWhole(written);
}

}  // namespace
}  // namespace sodality::core
