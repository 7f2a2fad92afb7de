// The ledger's keys are rotated: what is on record of it, and whatever comes in
// between.
#include <gmock/gmock.h>

#include <atomic>
#include <string>
#include <thread>
#include <utility>

#include "server/core/waiter.h"
#include "tests/core/access/rotation_fixture.h"

namespace sodality::core {
namespace {

using absl::StatusCode;
using crypto::KeyKind;
using testing::ElementsAre;
using testing::HasSubstr;

class LedgerRotationTest : public RotationFixture {
 protected:
  absl::StatusOr<Rotation> StartLedger() {
    return Start(RotationWork::kRekeyLedger);
  }
  SignedHead Signed() { return chapter_->SignHead(chapter_->ledger().head()); }
  uint32_t Active() {
    const auto keyring = chapter_->keyring();
    EXPECT_EQ(keyring->Active<crypto::LedgerSignKey>()->version,
              keyring->Active<crypto::LedgerKey>()->version);
    return keyring->Active<crypto::LedgerKey>()->version;
  }
  // Of the newest entry that says that a version of the ledger's key is active.
  uint64_t Activation() {
    for (uint64_t n = chapter_->ledger().head().number; n > 0; --n) {
      const EntryHeader header = chapter_->ledger().Read(n)->header;
      if (header.action == Action::kActivateKey) return n;
    }
    return 0;
  }
};

TEST_F(LedgerRotationTest, TheNewKeysServeAtOnceAndItIsOnRecord) {
  ASSERT_TRUE(Put(Seal(3)).ok());
  const SignedHead before = Signed();
  const auto begun = StartLedger();
  ASSERT_TRUE(begun.ok()) << begun.status();
  EXPECT_EQ(begun->kind, KeyKind::kLedger);
  EXPECT_EQ(begun->from, 1u);
  EXPECT_EQ(begun->to, 2u);
  EXPECT_EQ(Active(), 2u);
  const SignedHead after = Signed();
  EXPECT_NE(after.public_key, before.public_key);
  ASSERT_EQ(after.key_changes.size(), 1u);
  EXPECT_EQ(after.key_changes[0].old_key, before.public_key);
  EXPECT_EQ(after.key_changes[0].number, Activation());
  const auto progress = rotation().Status()->rotation;
  ASSERT_TRUE(progress);
  EXPECT_EQ(progress->done, 1u);
  EXPECT_EQ(progress->total, 2u);
  ASSERT_TRUE(Run().ok());
  EXPECT_FALSE(rotation().Status()->rotation);
  EXPECT_THAT(KeyActs(), ElementsAre("ROTATE_KEY 2", "ACTIVATE_KEY 2",
                                     "FINISH_ROTATION 2"));
  EXPECT_EQ(Opened(), 3u);
  ASSERT_TRUE(Restart().ok());
  EXPECT_EQ(Signed().public_key, after.public_key);
  EXPECT_FALSE(rotation().Step().value());
  // And once more.
  ASSERT_TRUE(StartLedger().ok());
  ASSERT_TRUE(Run().ok());
  ASSERT_TRUE(Restart().ok());
  EXPECT_EQ(Active(), 3u);
  ASSERT_EQ(Signed().key_changes.size(), 2u);
  EXPECT_EQ(Signed().key_changes[1].old_key, after.public_key);
}

TEST_F(LedgerRotationTest, OneAtATimeWithEveryOther) {
  ASSERT_TRUE(StartLedger().ok());
  for (const RotationWork work :
       {RotationWork::kRekeyLedger, RotationWork::kRewrap}) {
    const auto second = Start(work);
    EXPECT_EQ(ReasonOf(second.status()), Reason::kRotationRunning);
    EXPECT_THAT(std::string(second.status().message()),
                HasSubstr("the ledger key is being rotated"));
  }
  ASSERT_TRUE(Run().ok());
  ASSERT_TRUE(Start(RotationWork::kRewrap).ok());
  EXPECT_EQ(ReasonOf(StartLedger().status()), Reason::kRotationRunning);
}

TEST_F(LedgerRotationTest, AStopBeforeItEndsIsGoneOnFrom) {
  const RequestId request = NewRequest();
  const auto start = [&] {
    return rotation().Start(admin_, RotationWork::kRekeyLedger, request);
  };
  ASSERT_TRUE(start().ok());
  ASSERT_TRUE(Restart().ok());
  EXPECT_EQ(Active(), 2u);
  ASSERT_TRUE(rotation().Status()->rotation);
  EXPECT_EQ(start()->to, 2u);
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(start()->to, 2u);
  EXPECT_THAT(KeyActs(), ElementsAre("ROTATE_KEY 2", "ACTIVATE_KEY 2",
                                     "FINISH_ROTATION 2"));
}

TEST_F(LedgerRotationTest, AKeyringThatCannotBeWrittenIsWrittenLater) {
  keyring_fault_ = KeyringFault::kRefused;
  EXPECT_EQ(ReasonOf(StartLedger().status()), Reason::kDiskFull);
  EXPECT_EQ(Active(), 1u);
  const SignedHead before = Signed();
  ASSERT_TRUE(Put(Seal(1)).ok());
  EXPECT_EQ(Signed().public_key, before.public_key);
  EXPECT_FALSE(rotation().Step().ok());
  ASSERT_TRUE(Restart().ok());
  keyring_fault_ = KeyringFault::kNone;
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(Active(), 2u);
  EXPECT_EQ(Signed().key_changes.size(), 1u);
}

// The file may have the version, or not: nothing was sealed under it.
TEST_F(LedgerRotationTest, AKeyringInDoubtIsWrittenAnewOrFound) {
  for (const bool restarts : {false, true}) {
    keyring_fault_ = KeyringFault::kUnknown;
    EXPECT_FALSE(StartLedger().ok());
    ASSERT_TRUE(Put(Seal(1)).ok());
    keyring_fault_ = KeyringFault::kNone;
    if (restarts) {
      ASSERT_TRUE(Restart().ok());
      // Found active, and not on record yet.
      EXPECT_EQ(Active(), 3u);
      EXPECT_EQ(Signed().key_changes.size(), 1u);
      ASSERT_TRUE(Put(Seal(1)).ok());
    }
    ASSERT_TRUE(Run().ok());
    ASSERT_TRUE(Restart().ok());
    EXPECT_EQ(Signed().key_changes.size(), restarts ? 2u : 1u);
  }
  EXPECT_EQ(Opened(), 3u);
}

TEST_F(LedgerRotationTest, AnOlderKeyringIsRefused) {
  auto old = keyring_.Clone();
  ASSERT_TRUE(StartLedger().ok());
  keyring_ = std::move(old);
  const absl::Status refused = Restart();
  EXPECT_EQ(refused.code(), StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()),
              HasSubstr("ledger key version 2 is unknown"));
}

// What was sealed into the outbox and is not in the ledger yet, when the server
// stops between the keyring's file and the entry that says so.
TEST_F(LedgerRotationTest, AnEntryThatWaitsUnderTheOldKeyIsReplayed) {
  keyring_fault_ = KeyringFault::kRefused;
  ASSERT_FALSE(StartLedger().ok());
  const DirectoryParts& parts = chapter_->directory_parts();
  store::Write write;
  write.put_members = Seal(1);
  write.outbox = parts.ledger.SealDraft({.action = Action::kPushRoster});
  Waiter<store::Revision> waiter;
  parts.store.Submit(std::move(write),
                     [&](absl::StatusOr<store::Revision> stored) {
                       waiter.Set(std::move(stored));
                     });
  ASSERT_TRUE(waiter.Wait().ok());
  const uint64_t number = chapter_->ledger().head().number;
  keyring_.RotateLedger(clock_.Now(), crypto::SystemRandom());
  keyring_fault_ = KeyringFault::kNone;
  const absl::Status restarted = Restart();
  ASSERT_TRUE(restarted.ok()) << restarted;
  EXPECT_EQ(chapter_->ledger().Read(number + 1)->header.action,
            Action::kPushRoster);
  EXPECT_TRUE(Signed().key_changes.empty());
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(Signed().key_changes.at(0).number, number + 2);
  EXPECT_EQ(Opened(), 1u);
}

TEST_F(LedgerRotationTest, WhileEverybodyWrites) {
  std::atomic<bool> enough = false;
  std::thread writer([&] {
    while (!enough) ASSERT_TRUE(Put(Seal(2)).ok());
  });
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(StartLedger().ok());
    ASSERT_TRUE(Run().ok());
  }
  enough = true;
  writer.join();
  EXPECT_EQ(Active(), 6u);
  const Head head = chapter_->ledger().head();
  ASSERT_TRUE(Restart().ok());
  EXPECT_EQ(chapter_->ledger().head().number, head.number);
  EXPECT_EQ(Signed().key_changes.size(), 5u);
}

}  // namespace
}  // namespace sodality::core
