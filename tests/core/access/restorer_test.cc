// Everybody's access after a backup was put back.
#include "server/core/access/restorer.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/core/access/chapter_fixture.h"

namespace sodality::core {
namespace {

constexpr store::IdBytes kBackup = {4, 2};

class RestorerTest : public ChapterFixture {
 protected:
  void SetUp() override { SetUpAdmin(); }
  absl::StatusOr<InviteOutput> Declare(const std::string& admin) {
    auto declared = chapter_->access_control().DeclareRestored(
        {.backup = kBackup, .admin = admin});
    if (!declared.ok()) return declared.status();
    return *std::move(declared->invite);
  }
  absl::Status Live(const Caller& caller) {
    return chapter_->access().CheckLive(caller.principal, caller.device,
                                        clock_.Now());
  }
  uint64_t LastEntry() { return chapter_->ledger().head().number; }
};

TEST_F(RestorerTest, NothingThatWasGoodBeforeIsGoodAfterwards) {
  const Caller robin = Enrol("Robin", Role::kCoordinator);
  const auto grant =
      chapter_->access_control().CreateGrant(admin_, Granting("Robin"));
  ASSERT_TRUE(grant.ok()) << grant.status();
  const auto open = chapter_->access_control().CreateInvite(
      admin_, Inviting("Kim", Role::kCoordinator));
  ASSERT_TRUE(open.ok()) << open.status();
  ASSERT_TRUE(Declare("Noor").ok());
  for (const bool again : {false, true}) {
    if (again) {
      ASSERT_TRUE(Open(/*create=*/false).ok());
    }
    EXPECT_EQ(ReasonOf(Live(robin)), Reason::kDeviceRevoked);
    EXPECT_EQ(ReasonOf(Live(admin_)), Reason::kDeviceRevoked);
    EXPECT_TRUE(chapter_->access().FindGrant(*grant)->revoked);
    EXPECT_FALSE(Redeem(*open, *pki::PrivateKey::Generate()).ok());
    const auto parsed = pki::ParseInvite(open->file);
    EXPECT_FALSE(chapter_->access().Admits(
        parsed->certificate.fingerprint().bytes, clock_.Now()));
  }
}

TEST_F(RestorerTest, TheNewAdminCanLetOthersIn) {
  Enrol("Robin", Role::kCoordinator);
  const auto invite = Declare("Noor");
  ASSERT_TRUE(invite.ok()) << invite.status();
  admin_ = Join(*invite);
  EXPECT_EQ(admin_.role, Role::kAdmin);
  const auto grant =
      chapter_->access().SelectGrant(admin_, std::nullopt, clock_.Now());
  ASSERT_TRUE(grant.ok()) << grant.status();
  EXPECT_TRUE((*grant)->scopes.empty());
  EXPECT_EQ((*grant)->classes.size(), 3U);
  // Principals stay: Robin is the one of before, with a device and no grant.
  const auto before = chapter_->access().ResolvePrincipal("Robin");
  const Caller robin = Enrol("Robin", Role::kCoordinator);
  EXPECT_EQ(robin.principal, (*before)->id);
  EXPECT_FALSE(
      chapter_->access().SelectGrant(robin, std::nullopt, clock_.Now()).ok());
}

TEST_F(RestorerTest, TheLedgerSaysSo) {
  ASSERT_TRUE(Declare("Noor").ok());
  const auto entry = chapter_->ledger().Read(LastEntry());
  ASSERT_TRUE(entry.ok()) << entry.status();
  EXPECT_EQ(entry->header.action, Action::kRestore);
  EXPECT_EQ(entry->header.subject, kBackup);
  EXPECT_EQ(entry->header.actor, PrincipalId{});
  EXPECT_EQ(entry->header.device, DeviceId{});
}

TEST_F(RestorerTest, AnAdminOfTheBackupIsLetInAgain) {
  const Caller kim = Enrol("Kim", Role::kAdmin);
  ASSERT_TRUE(chapter_->access_control()
                  .SuspendPrincipal(admin_, "Kim", false, NewRequest())
                  .ok());
  const size_t people = chapter_->access().principals().size();
  const auto invite = Declare("Kim");
  ASSERT_TRUE(invite.ok()) << invite.status();
  const Caller again = Join(*invite);
  EXPECT_EQ(again.principal, kim.principal);
  EXPECT_TRUE(Live(again).ok());
  EXPECT_FALSE(Live(kim).ok());
  EXPECT_EQ(chapter_->access().principals().size(), people);
}

TEST_F(RestorerTest, ANameOfSomebodyElsesIsRefusedAndChangesNothing) {
  Enrol("Robin", Role::kCoordinator);
  const uint64_t before = LastEntry();
  EXPECT_EQ(Declare("Robin").status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(Declare("").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(LastEntry(), before);
  EXPECT_TRUE(Live(admin_).ok());
}

TEST_F(RestorerTest, ManyRowsTakeSeveralWrites) {
  const auto keyring = chapter_->keyring();
  const crypto::RowSealer sealer(chapter_id_.bytes,
                                 *keyring->Active<crypto::StateKey>());
  for (size_t write = 0; write < 2; ++write) {
    store::Write rows;
    for (size_t i = 0; i < Restorer::kRowsAtOnce; ++i) {
      Grant grant;
      grant.id.bytes = crypto::RandomId(crypto::SystemRandom());
      grant.principal = admin_.principal;
      grant.classes = {FieldClass::kBasic};
      grant.purpose = "phone bank";
      grant.not_after = clock_.Now() + std::chrono::hours(24);
      rows.put_rows.push_back(*SealFact(grant, sealer, crypto::SystemRandom()));
    }
    ASSERT_TRUE(
        chapter_->directory_parts()
            .committer.Commit(std::move(rows), {.action = Action::kCreateGrant})
            .ok());
  }
  ASSERT_TRUE(Open(/*create=*/false).ok());
  const uint64_t before = LastEntry();
  const auto invite = Declare("Noor");
  ASSERT_TRUE(invite.ok()) << invite.status();
  EXPECT_EQ(LastEntry() - before, 3U);
  const auto grants = chapter_->access().grants();
  EXPECT_EQ(std::count_if(grants.begin(), grants.end(),
                          [](const auto& one) { return !one->revoked; }),
            1);
}

TEST_F(RestorerTest, EachRestoreBeginsALifeThatIsNobodyElses) {
  EXPECT_EQ(chapter_->access().incarnation().id, IncarnationId{});
  const Head before = chapter_->ledger().head();
  EXPECT_EQ(chapter_->SignHead(before).descent.incarnation, IncarnationId{});
  ASSERT_TRUE(Declare("One").ok());
  const Incarnation first = chapter_->access().incarnation();
  EXPECT_NE(first.id, IncarnationId{});
  EXPECT_EQ(first.parent, IncarnationId{});
  EXPECT_EQ(first.backup, kBackup);
  EXPECT_EQ(first.restored.number, before.number);
  ASSERT_TRUE(Declare("Two").ok());
  ASSERT_TRUE(Open(/*create=*/false).ok());
  const Incarnation second = chapter_->access().incarnation();
  EXPECT_EQ(second.parent, first.id);
  const SignedHead head = chapter_->SignHead(chapter_->ledger().head());
  EXPECT_EQ(head.descent.incarnation, second.id);
  EXPECT_EQ(head.descent.parent, first.id);
}

}  // namespace
}  // namespace sodality::core
