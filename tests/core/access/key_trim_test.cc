// Versions that are destroyed: what keeps them, and what a failure and a stop
// at each step come to.
#include "server/core/keys/key_trim.h"

#include <gmock/gmock.h>

#include "server/core/backup/backup.h"
#include "server/core/waiter.h"
#include "tests/core/access/approvals_fixture.h"

namespace sodality::core {
namespace {

using crypto::KeyKind;
using crypto::TrimOrder;
using testing::ElementsAre;
using testing::HasSubstr;

class KeyTrimTest : public ApprovalsFixture {
 protected:
  void SetUp() override {
    ApprovalsFixture::SetUp();
    second_ = Admin("Bea");
  }
  absl::StatusOr<ActStanding> Trim(const TrimOrder& order) {
    const auto proposed = Propose(order);
    if (!proposed.ok()) return proposed;
    return Approve(second_, proposed->act);
  }
  Caller second_;
};

TEST_F(KeyTrimTest, TheRootKeyIsRotatedInTheSameAct) {
  Retire();
  const auto done = Trim(order_);
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(StateOf(1), kDestroyed);
  ASSERT_TRUE(rotation().Status()->rotation);
  EXPECT_EQ(rotation().Status()->rotation->rotation.work,
            RotationWork::kRekeyRoot);
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(fake_->in_place(), 2);
  EXPECT_THAT(fake_->file(), ElementsAre(2));
  EXPECT_THAT(Acts(), ElementsAre("PROPOSE_ACT", "APPROVE_ACT", "TRIM_KEYS"));
  ASSERT_TRUE(Reopen().ok());
  EXPECT_EQ(StateOf(1), kDestroyed);
  EXPECT_EQ(Opened(), 3u);
}

TEST_F(KeyTrimTest, EverybodyIsFoundAndNobodyIsMissedWithoutTheOldKey) {
  Retire();
  ASSERT_TRUE(Trim(order_).ok());
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(Opened(), 3u);
  Waiter<ProjectedMember> waiter;
  chapter_->directory().Get(
      admin_, {.member = MemberId{{9}}, .grant = {}, .view = {}},
      [&](auto answer) { waiter.Set(std::move(answer)); });
  const absl::Status nobody = waiter.Wait().status();
  EXPECT_EQ(ReasonOf(nobody), Reason::kMemberNotFound) << nobody;
}

TEST_F(KeyTrimTest, SomeKindsStayAndSomeVersionsDo) {
  Retire();
  const auto says = [this](KeyKind kind, uint32_t below) {
    const auto refused = Propose({kind, below, {}});
    EXPECT_EQ(ReasonOf(refused.status()), Reason::kInvalidValue);
    return std::string(refused.status().message());
  };
  EXPECT_THAT(says(KeyKind::kState, 1), HasSubstr("access rows"));
  EXPECT_THAT(says(KeyKind::kLedger, 1), HasSubstr("are to be read"));
  EXPECT_THAT(says(KeyKind::kLedgerSign, 1), HasSubstr("old heads"));
  EXPECT_THAT(says(KeyKind::kLease, 1), HasSubstr("synced"));
  EXPECT_THAT(says(KeyKind::kSuppression, 1), HasSubstr("made anew"));
  EXPECT_THAT(says(KeyKind::kCa, 1), HasSubstr("certificates"));
  EXPECT_THAT(says(KeyKind{99}, 1), HasSubstr("no such kind"));
  EXPECT_THAT(says(KeyKind::kWrap, 1), HasSubstr("no version below"));
  EXPECT_THAT(says(KeyKind::kWrap, 3), HasSubstr("is ACTIVE"));
  EXPECT_THAT(says(KeyKind::kIndex, 9), HasSubstr("ACTIVE"));
  ASSERT_TRUE(Trim(order_).ok());
  EXPECT_THAT(says(KeyKind::kWrap, 2), HasSubstr("no version below"));
}

TEST_F(KeyTrimTest, NotWhileARotationRuns) {
  Retire();
  const auto proposed = Propose(order_);
  ASSERT_TRUE(proposed.ok());
  ASSERT_TRUE(Start(RotationWork::kReindex).ok());
  EXPECT_EQ(ReasonOf(Propose(order_).status()), Reason::kRotationRunning);
  EXPECT_EQ(ReasonOf(Approve(second_, proposed->act).status()),
            Reason::kRotationRunning);
  EXPECT_EQ(StateOf(1), kRetired);
  ASSERT_TRUE(Run().ok());
  EXPECT_TRUE(Approve(second_, proposed->act).ok());
  // Nor without a place for the new root key.
  ASSERT_TRUE(Run().ok());
  fake_->has_place = false;
  EXPECT_EQ(ReasonOf(Propose({KeyKind::kIndex, 2, {}}).status()),
            Reason::kNoRootKeyFile);
}

TEST_F(KeyTrimTest, NotWhileRecordsNeedThem) {
  Retire();
  const auto late = Seal(1);
  ASSERT_TRUE(Start().ok());
  ASSERT_TRUE(Put(late).ok());
  ASSERT_TRUE(Run().ok());
  // A store that does not know of the rotation takes one under an old key.
  ASSERT_TRUE(Reopen().ok());
  auto old = late;
  old[0].id.bytes[0] ^= 1;
  ASSERT_TRUE(Put(old).ok());
  const auto refused = Propose({KeyKind::kWrap, 3, {}});
  EXPECT_EQ(ReasonOf(refused.status()), Reason::kKeyInUse);
  EXPECT_THAT(refused.status().message(), HasSubstr("1 records"));
  EXPECT_TRUE(Propose({KeyKind::kWrap, 2, {}}).ok());
}

TEST_F(KeyTrimTest, AnIndexsVersionsGoToo) {
  ASSERT_TRUE(Put(Seal(3)).ok());
  ASSERT_TRUE(Start(RotationWork::kReindex).ok());
  ASSERT_TRUE(Run().ok());
  ASSERT_TRUE(Trim({KeyKind::kIndex, 2, {}}).ok());
  EXPECT_EQ(StateOf(1, KeyKind::kIndex), kDestroyed);
  ASSERT_TRUE(Run().ok());
  ASSERT_TRUE(Reopen().ok());
  EXPECT_EQ(Opened(), 3u);
}

TEST_F(KeyTrimTest, KeptBackupsHoldVersionsUntilTheyAreSaidToBeDestroyed) {
  BackupId old;
  old.bytes = (*chapter_->backups().Begin(admin_))->facts().id;
  Retire();
  const auto kept = chapter_->access().book().backups();
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_EQ(kept[0].id, old);
  EXPECT_EQ(kept[0].by, admin_.principal);
  const auto refused = Propose(order_);
  EXPECT_EQ(ReasonOf(refused.status()), Reason::kKeyInUse);
  EXPECT_THAT(refused.status().message(),
              HasSubstr(text::EncodeBase32(old.bytes)));
  TrimOrder stated = order_;
  stated.destroyed = {{7}};
  EXPECT_EQ(ReasonOf(Propose(stated).status()), Reason::kInvalidValue);
  stated.destroyed = {old.bytes};
  const auto proposed = Propose(stated);
  ASSERT_TRUE(proposed.ok()) << proposed.status();
  // One that is made meanwhile, which nobody has spoken of.
  BackupId meanwhile;
  meanwhile.bytes = (*chapter_->backups().Begin(admin_))->facts().id;
  EXPECT_EQ(ReasonOf(Approve(second_, proposed->act).status()),
            Reason::kKeyInUse);
  stated.destroyed = {std::min(old, meanwhile).bytes,
                      std::max(old, meanwhile).bytes};
  ASSERT_TRUE(Reopen().ok());
  ASSERT_TRUE(Trim(stated).ok());
  EXPECT_TRUE(chapter_->access().book().backups().empty());
  ASSERT_TRUE(Run().ok());
  // A later one holds none of them.
  ASSERT_TRUE(chapter_->backups().Begin(admin_).ok());
  ASSERT_TRUE(Start().ok());
  ASSERT_TRUE(Run().ok());
  ASSERT_TRUE(Reopen().ok());
  EXPECT_TRUE(chapter_->access().book().backups().size() == 1u);
  EXPECT_EQ(ReasonOf(Propose({KeyKind::kWrap, 3, {}}).status()),
            Reason::kKeyInUse);
}

TEST_F(KeyTrimTest, AFailureOfTheKeyringsFileIsGoneOnWith) {
  Retire();
  const auto act = Propose(order_)->act;
  for (const auto fault : {KeyringFault::kRefused, KeyringFault::kUnknown}) {
    keyring_fault_ = fault;
    EXPECT_FALSE(Approve(second_, act).ok());
    EXPECT_EQ(StateOf(1), kRetired);
    EXPECT_EQ(approvals().List().at(0).act.state, ActState::kRunning);
    // Nothing else changes keys meanwhile, and nothing stops it.
    EXPECT_EQ(ReasonOf(Start().status()), Reason::kRotationRunning);
    EXPECT_EQ(ReasonOf(approvals().Refuse(admin_, act.id).status()),
              Reason::kActEnded);
  }
  keyring_fault_ = KeyringFault::kNone;
  EXPECT_EQ(Approve(second_, act)->act.state, ActState::kDone);
  EXPECT_EQ(StateOf(1), kDestroyed);
  ASSERT_TRUE(Run().ok());
}

// The keyring's file was not written, or was, and nothing behind it.
TEST_F(KeyTrimTest, AStopAnywhereIsGoneOnWithAtTheNextStart) {
  for (const auto fault : {KeyringFault::kRefused, KeyringFault::kUnknown}) {
    Retire();
    const uint32_t below = chapter_->keyring()->NextVersion(KeyKind::kWrap) - 1;
    const auto act = Propose({KeyKind::kWrap, below, {}})->act;
    keyring_fault_ = fault;
    EXPECT_FALSE(Approve(second_, act).ok());
    keyring_fault_ = KeyringFault::kNone;
    const absl::Status opened = Reopen();
    ASSERT_TRUE(opened.ok()) << opened;
    EXPECT_EQ(StateOf(below - 1), kDestroyed);
    EXPECT_EQ(approvals().List().back().act.state, ActState::kDone);
    EXPECT_TRUE(rotation().Status()->rotation);
    ASSERT_TRUE(Run().ok());
    ASSERT_TRUE(Reopen().ok());
  }
  EXPECT_THAT(Acts(), ElementsAre("PROPOSE_ACT", "APPROVE_ACT", "TRIM_KEYS",
                                  "PROPOSE_ACT", "APPROVE_ACT", "TRIM_KEYS"));
}

TEST_F(KeyTrimTest, AStartWithoutAPlaceForTheRootKeyDestroysAllTheSame) {
  Retire();
  const auto act = Propose(order_)->act;
  keyring_fault_ = KeyringFault::kRefused;
  EXPECT_FALSE(Approve(second_, act).ok());
  keyring_fault_ = KeyringFault::kNone;
  fake_->has_place = false;
  ASSERT_TRUE(Reopen().ok());
  EXPECT_EQ(StateOf(1), kDestroyed);
  EXPECT_FALSE(rotation().Status()->rotation);
}

}  // namespace
}  // namespace sodality::core
