// A wrap key that is rotated while members are written, and whatever comes in
// between.
#include "server/core/keys/key_rotation.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <utility>

#include "tests/core/access/rotation_fixture.h"

namespace sodality::core {
namespace {

using absl::StatusCode;
using crypto::KeyKind;
using testing::ElementsAre;
using testing::HasSubstr;

using KeyRotationTest = RotationFixture;

TEST_F(KeyRotationTest, BringsEveryRecordUnderTheNewVersion) {
  ASSERT_TRUE(Put(Seal(2500)).ok());
  const auto begun = Start();
  ASSERT_TRUE(begun.ok()) << begun.status();
  EXPECT_EQ(begun->from, 1u);
  EXPECT_EQ(begun->to, 2u);
  // Active for writes at once.
  ASSERT_TRUE(Put(Seal(1)).ok());
  EXPECT_THAT(Counts(), ElementsAre(std::pair(1u, 2500u), std::pair(2u, 1u)));
  EXPECT_EQ(Opened(), 2501u);

  ASSERT_TRUE(rotation().Step().value());
  const auto status = rotation().Status();
  ASSERT_TRUE(status->rotation);
  EXPECT_EQ(status->rotation->total, 2501u);
  EXPECT_GE(status->rotation->done, 1000u);
  EXPECT_EQ(status->rotation->problem, "");
  EXPECT_EQ(Opened(), 2501u);

  ASSERT_TRUE(Run().ok());
  EXPECT_THAT(Counts(), ElementsAre(std::pair(2u, 2501u)));
  EXPECT_EQ(Opened(), 2501u);
  EXPECT_FALSE(rotation().Status()->rotation);
  EXPECT_TRUE(chapter_->CheckMembers().ok());
  EXPECT_THAT(KeyActs(), ElementsAre("ROTATE_KEY 2", "ACTIVATE_KEY 2",
                                     "REWRAP_RECORDS 2", "REWRAP_RECORDS 2",
                                     "REWRAP_RECORDS 2", "FINISH_ROTATION 2"));
  ASSERT_TRUE(Restart().ok());
  EXPECT_EQ(Opened(), 2501u);
  EXPECT_FALSE(rotation().Step().value());
}

TEST_F(KeyRotationTest, TheStatusCountsTheRecordsOfEachVersion) {
  ASSERT_TRUE(Put(Seal(3)).ok());
  ASSERT_TRUE(Start().ok());
  ASSERT_TRUE(Run().ok());
  std::vector<std::pair<crypto::KeyState, uint64_t>> wraps;
  const KeysStatus status = *rotation().Status();
  for (const KeyVersion& version : status.versions) {
    EXPECT_EQ(version.records.has_value(),
              version.info.kind == KeyKind::kWrap ||
                  version.info.kind == KeyKind::kIndex);
    if (version.info.kind == KeyKind::kWrap) {
      wraps.emplace_back(version.info.state, *version.records);
    }
  }
  EXPECT_THAT(wraps, ElementsAre(std::pair(crypto::KeyState::kRetired, 0u),
                                 std::pair(crypto::KeyState::kActive, 3u)));
}

TEST_F(KeyRotationTest, AChapterWithoutMembersIsDoneAtOnce) {
  ASSERT_TRUE(Start().ok());
  ASSERT_TRUE(Run().ok());
  EXPECT_THAT(KeyActs(), ElementsAre("ROTATE_KEY 2", "ACTIVATE_KEY 2",
                                     "FINISH_ROTATION 2"));
}

TEST_F(KeyRotationTest, OneAtATime) {
  ASSERT_TRUE(Put(Seal(1)).ok());
  const RequestId request = NewRequest();
  const auto first = rotation().Start(admin_, RotationWork::kRewrap, request);
  ASSERT_TRUE(first.ok());
  const auto second = Start();
  EXPECT_EQ(second.status().code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(second.status()), Reason::kRotationRunning);
  // The first again is no second one, even when it is over.
  for (int i = 0; i < 2; ++i) {
    const auto again = rotation().Start(admin_, RotationWork::kRewrap, request);
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_EQ(again->id, first->id);
    EXPECT_EQ(again->to, 2u);
    ASSERT_TRUE(Run().ok());
  }
  ASSERT_TRUE(Start().ok());
  ASSERT_TRUE(Run().ok());
  EXPECT_THAT(Counts(), ElementsAre(std::pair(3u, 1u)));
}

TEST_F(KeyRotationTest, IsAnAdminsToBegin) {
  for (const Role role : {Role::kCoordinator, Role::kAuditor, Role::kSource}) {
    const Caller other = Enrol(std::string(RoleName(role)), role);
    const auto refused =
        rotation().Start(other, RotationWork::kRewrap, NewRequest()).status();
    EXPECT_EQ(refused.code(), StatusCode::kPermissionDenied);
    EXPECT_EQ(ReasonOf(refused), Reason::kRoleNotAllowed);
  }
  const Caller revoked = Enrol("Bela", Role::kAdmin);
  ASSERT_TRUE(chapter_->access_control()
                  .RevokeDevice(admin_, revoked.device, NewRequest())
                  .ok());
  EXPECT_EQ(ReasonOf(rotation()
                         .Start(revoked, RotationWork::kRewrap, NewRequest())
                         .status()),
            Reason::kDeviceRevoked);
  EXPECT_FALSE(rotation().Status()->rotation);
}

TEST_F(KeyRotationTest, GoesOnWhereItWasStopped) {
  ASSERT_TRUE(Put(Seal(2500)).ok());
  ASSERT_TRUE(Start().ok());
  ASSERT_TRUE(rotation().Step().value());
  ASSERT_TRUE(Restart().ok());
  const auto status = rotation().Status();
  ASSERT_TRUE(status->rotation);
  EXPECT_EQ(status->rotation->rotation.phase, RotationPhase::kSweeping);
  EXPECT_EQ(status->rotation->done, 1000u);
  ASSERT_TRUE(Run().ok());
  EXPECT_THAT(Counts(), ElementsAre(std::pair(2u, 2500u)));
  // No batch twice.
  EXPECT_THAT(KeyActs(), testing::SizeIs(6));
}

TEST_F(KeyRotationTest, AKeyringThatCannotBeWrittenIsWrittenLater) {
  ASSERT_TRUE(Put(Seal(2)).ok());
  keyring_fault_ = KeyringFault::kRefused;
  const RequestId request = NewRequest();
  const auto start = [&] {
    return rotation().Start(admin_, RotationWork::kRewrap, request);
  };
  // The same request is answered so until it is true.
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(ReasonOf(start().status()), Reason::kDiskFull);
  }
  // What has begun stands, and says why it waits.
  const auto waiting = rotation().Status();
  ASSERT_TRUE(waiting->rotation);
  EXPECT_EQ(waiting->rotation->rotation.phase, RotationPhase::kStarting);
  EXPECT_THAT(waiting->rotation->problem, HasSubstr("disk is full"));
  EXPECT_FALSE(rotation().Step().ok());
  ASSERT_TRUE(Put(Seal(1)).ok());
  EXPECT_THAT(Counts(), ElementsAre(std::pair(1u, 3u)));
  ASSERT_TRUE(Restart().ok());
  EXPECT_FALSE(rotation().Step().ok());
  EXPECT_FALSE(start().ok());
  keyring_fault_ = KeyringFault::kNone;
  EXPECT_EQ(start()->to, 2u);
  EXPECT_EQ(chapter_->keyring()->Active<crypto::WrapKey>()->version, 2u);
  ASSERT_TRUE(Run().ok());
  EXPECT_THAT(Counts(), ElementsAre(std::pair(2u, 3u)));
}

TEST_F(KeyRotationTest, AKeyringOfWhichNobodyKnowsIsTakenUpAtTheNextStart) {
  ASSERT_TRUE(Put(Seal(2)).ok());
  keyring_fault_ = KeyringFault::kUnknown;
  EXPECT_EQ(Start().status().code(), StatusCode::kUnavailable);
  const uint64_t written = keyring_.generation();
  EXPECT_EQ(chapter_->keyring()->generation() + 1, written);
  ASSERT_TRUE(Put(Seal(1)).ok());  // Nothing is sealed under what is unsure.
  EXPECT_THAT(Counts(), ElementsAre(std::pair(1u, 3u)));
  keyring_fault_ = KeyringFault::kNone;
  ASSERT_TRUE(Restart().ok());
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(keyring_.generation(), written);
  EXPECT_THAT(Counts(), ElementsAre(std::pair(2u, 3u)));
  EXPECT_EQ(Opened(), 3u);
}

TEST_F(KeyRotationTest, AnOlderKeyringIsRefusedByName) {
  const crypto::Keyring before = keyring_.Clone();
  ASSERT_TRUE(Put(Seal(2)).ok());
  ASSERT_TRUE(Start().ok());
  ASSERT_TRUE(Run().ok());
  chapter_.reset();
  keyring_ = before.Clone();
  const absl::Status refused = Restart();
  EXPECT_EQ(refused.code(), StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()),
              HasSubstr("the keyring is older than the database"));
}

// A write that was sealed before the rotation and comes when the sweep has gone
// by, or when all is over.
TEST_F(KeyRotationTest, AWriteThatComesLateIsSweptOrRefused) {
  ASSERT_TRUE(Put(Seal(1100)).ok());
  auto early = Seal(20);
  std::ranges::sort(early, {}, &store::PutMember::id);
  ASSERT_TRUE(Start().ok());
  ASSERT_TRUE(rotation().Step().value());
  ASSERT_LT(early[0].id, rotation().Status()->rotation->rotation.cursor);
  EXPECT_TRUE(Put({early[0]}).ok());
  ASSERT_TRUE(Run().ok());
  EXPECT_THAT(Counts(), ElementsAre(std::pair(2u, 1101u)));
  EXPECT_EQ(Put({early[1]}).code(), StatusCode::kAborted);
  EXPECT_THAT(Counts(), ElementsAre(std::pair(2u, 1101u)));
  EXPECT_EQ(Opened(), 1101u);
}

TEST_F(KeyRotationTest, ADamagedRecordKeepsTheRotationOpenAndIsNamed) {
  ASSERT_TRUE(Put(Seal(10)).ok());
  auto damaged = Seal(1);
  damaged[0].sealed[damaged[0].sealed.size() / 2] ^= 1;
  damaged[0].sealed[20] ^= 1;
  ASSERT_TRUE(Put(damaged).ok());
  ASSERT_TRUE(Start().ok());
  EXPECT_EQ(Run().code(), StatusCode::kDataLoss);
  EXPECT_THAT(Counts(), ElementsAre(std::pair(1u, 1u), std::pair(2u, 10u)));
  const auto status = rotation().Status();
  ASSERT_TRUE(status->rotation);
  EXPECT_THAT(status->rotation->problem, HasSubstr("sodalityd doctor"));
  EXPECT_EQ(Opened(), 10u);
}

// Whoever holds the page key could count a record to another version.
TEST_F(KeyRotationTest, ARecordThatIsCountedToAnotherVersionKeepsItOpen) {
  ASSERT_TRUE(Put(Seal(10)).ok());
  auto miscounted = Seal(1);
  miscounted[0].wrap_version = 2;
  ASSERT_TRUE(Put(miscounted).ok());
  ASSERT_TRUE(Start().ok());
  EXPECT_EQ(Run().code(), StatusCode::kDataLoss);
  EXPECT_THAT(Counts(), ElementsAre(std::pair(2u, 11u)));
  EXPECT_TRUE(rotation().Status()->rotation);
}

// One late write is a pass more; one in every pass, over and over, is not.
TEST_F(KeyRotationTest, PassesAreNotRepeatedWithoutRest) {
  ASSERT_TRUE(Put(Seal(1100)).ok());
  auto early = Seal(60);
  std::ranges::sort(early, {}, &store::PutMember::id);
  ASSERT_TRUE(Start().ok());
  absl::Status status;
  size_t passes = 0;
  for (; status.ok() && passes < 10; ++passes) {
    ASSERT_TRUE(rotation().Step().value());
    ASSERT_TRUE(Put({early[passes]}).ok());
    status = rotation().Step().status();
  }
  EXPECT_EQ(status.code(), StatusCode::kDataLoss);
  EXPECT_EQ(passes, 5u);
  ASSERT_TRUE(Run().ok());  // It is tried again all the same.
  EXPECT_THAT(Counts(), ElementsAre(std::pair(2u, 1105u)));
}

TEST_F(KeyRotationTest, AReencryptionLeavesNoRecordKeyAsItWas) {
  ASSERT_TRUE(Put(Seal(1200)).ok());
  const auto sealed = [this] {
    std::vector<store::Bytes> all;
    const auto records = *chapter_->store().Find({}, std::nullopt, 1000);
    for (const store::MemberRecord& record : records) {
      all.push_back(record.sealed);
    }
    return all;
  };
  const auto before = sealed();
  const auto begun = Start(RotationWork::kReencrypt);
  ASSERT_TRUE(begun.ok()) << begun.status();
  EXPECT_EQ(begun->work, RotationWork::kReencrypt);
  EXPECT_EQ(begun->to, 2u);
  EXPECT_EQ(ReasonOf(Start().status()), Reason::kRotationRunning);
  ASSERT_TRUE(rotation().Step().value());
  ASSERT_TRUE(Restart().ok());
  EXPECT_EQ(rotation().Status()->rotation->rotation.work,
            RotationWork::kReencrypt);
  EXPECT_EQ(rotation().Status()->rotation->done, 1000u);
  ASSERT_TRUE(Run().ok());
  EXPECT_THAT(Counts(), ElementsAre(std::pair(2u, 1200u)));
  EXPECT_EQ(Opened(), 1200u);
  EXPECT_TRUE(chapter_->CheckMembers().ok());
  const auto after = sealed();
  for (size_t i = 0; i < before.size(); ++i) {
    ASSERT_EQ(before[i].size(), after[i].size());
    // A rewrap would leave the end, the last field, as it is.
    EXPECT_FALSE(
        std::equal(before[i].end() - 16, before[i].end(), after[i].end() - 16));
  }
  EXPECT_THAT(KeyActs(), ElementsAre("REENCRYPT_RECORDS 2", "ACTIVATE_KEY 2",
                                     "RESEAL_RECORDS 2", "RESEAL_RECORDS 2",
                                     "FINISH_ROTATION 2"));
}

}  // namespace
}  // namespace sodality::core
