// A restore goes by what tombstones say ended since.
#include <gtest/gtest.h>

#include "server/core/access/restorer.h"
#include "tests/core/access/ended_fixture.h"

namespace sodality::core {
namespace {

using RestoredFromTombstonesTest = EndedFixture;

TEST_F(RestoredFromTombstonesTest, WhatEndedSinceEndsAgainAndTheRestGoesOn) {
  const Caller robin = Enrol("Robin", Role::kCoordinator);
  const Caller kim = Enrol("Kim", Role::kCoordinator);
  const Caller noor = Enrol("Noor", Role::kCoordinator);
  const auto ended_grant =
      chapter_->access_control().CreateGrant(admin_, Granting("Kim"));
  const auto grant =
      chapter_->access_control().CreateGrant(admin_, Granting("Kim"));
  const auto open = chapter_->access_control().CreateInvite(
      admin_, Inviting("Sol", Role::kCoordinator));
  const auto used = chapter_->access_control().CreateInvite(
      admin_, Inviting("Mica", Role::kCoordinator));
  const auto members = Members(3);
  BackUp();
  auto& access = chapter_->access_control();
  ASSERT_TRUE(access.RevokeDevice(admin_, robin.device, NewRequest()).ok());
  ASSERT_TRUE(access.RevokeGrant(admin_, *ended_grant, NewRequest()).ok());
  ASSERT_TRUE(
      access.SuspendPrincipal(admin_, "Noor", false, NewRequest()).ok());
  ASSERT_TRUE(Redeem(*used, *pki::PrivateKey::Generate()).ok());
  ASSERT_TRUE(Erase(members[1]).ok());

  const Ended ended = PutBack();
  ASSERT_TRUE(IsThere(members[1]));
  ASSERT_TRUE(Live(robin).ok());
  const auto declared = Declare(ended);
  ASSERT_TRUE(declared.ok()) << declared.status();
  EXPECT_EQ(declared->erased, 1U);
  EXPECT_EQ(declared->ended, 3U);
  EXPECT_FALSE(declared->invite);
  for (const bool again : {false, true}) {
    if (again) {
      ASSERT_TRUE(Restart().ok());
    }
    EXPECT_FALSE(IsThere(members[1]));
    EXPECT_TRUE(IsThere(members[0]));
    EXPECT_TRUE(IsThere(members[2]));
    EXPECT_EQ(ReasonOf(Live(robin)), Reason::kDeviceRevoked);
    EXPECT_EQ(ReasonOf(Live(noor)), Reason::kPrincipalSuspended);
    EXPECT_TRUE(Live(kim).ok());
    EXPECT_TRUE(Live(admin_).ok());
    EXPECT_TRUE(chapter_->access().FindGrant(*ended_grant)->revoked);
    EXPECT_FALSE(chapter_->access().FindGrant(*grant)->revoked);
    EXPECT_NE(chapter_->access().incarnation().id, IncarnationId{});
    EXPECT_TRUE(Named(Recorded(), members[1]));
  }
  EXPECT_FALSE(Redeem(*used, *pki::PrivateKey::Generate()).ok());
  EXPECT_TRUE(Redeem(*open, *pki::PrivateKey::Generate()).ok());
  EXPECT_TRUE(chapter_->CheckMembers().ok());
}

TEST_F(RestoredFromTombstonesTest, TheErasedAreErasedAgainWhoeverKeepsAccess) {
  const auto members = Members(2);
  BackUp();
  ASSERT_TRUE(Erase(members[0]).ok());
  const Ended ended = PutBack();
  const auto declared = Declare(ended, "Noor");
  ASSERT_TRUE(declared.ok()) << declared.status();
  EXPECT_EQ(declared->erased, 1U);
  ASSERT_TRUE(declared->invite.has_value());
  EXPECT_FALSE(Live(admin_).ok());
  EXPECT_FALSE(IsThere(members[0]));
  EXPECT_TRUE(IsThere(members[1]));
}

// What named them after the backup is kept from rosters, too.
TEST_F(RestoredFromTombstonesTest,
       WhatTheErasedWereNamedByLaterStaysSuppressed) {
  BackUp();
  const auto puts = Seal(1);
  ASSERT_TRUE(Put(puts).ok());
  const std::string external_id = text::EncodeBase32(puts[0].id.bytes);
  ASSERT_TRUE(Erase(puts[0].id).ok());
  const Ended ended = PutBack();
  auto& list = chapter_->directory_parts().suppressions;
  EXPECT_FALSE(list.Contains(external_id));
  ASSERT_TRUE(Declare(ended).ok());
  EXPECT_TRUE(list.Contains(external_id));
  ASSERT_TRUE(Restart().ok());
  EXPECT_TRUE(chapter_->directory_parts().suppressions.Contains(external_id));
}

TEST_F(RestoredFromTombstonesTest, ALiftedSuspensionIsLiftedAgain) {
  const Caller noor = Enrol("Noor", Role::kCoordinator);
  ASSERT_TRUE(Suspend("Noor").ok());
  BackUp();
  clock_.Advance(std::chrono::seconds(1));
  ASSERT_TRUE(Suspend("Noor", /*lift=*/true).ok());
  const Ended ended = PutBack();
  ASSERT_FALSE(Live(noor).ok());
  ASSERT_TRUE(Declare(ended).ok());
  EXPECT_TRUE(Live(noor).ok());
}

// Where the tombstones do not say all, they lift nothing.
TEST_F(RestoredFromTombstonesTest, WithoutAllOfThemNobodyIsLetBackIn) {
  const Caller noor = Enrol("Noor", Role::kCoordinator);
  ASSERT_TRUE(Suspend("Noor").ok());
  BackUp();
  clock_.Advance(std::chrono::seconds(1));
  ASSERT_TRUE(Suspend("Noor", /*lift=*/true).ok());
  const Ended ended = PutBack();
  ASSERT_TRUE(Declare(ended, "Kim").ok());
  EXPECT_TRUE(chapter_->access().FindPrincipal(noor.principal)->suspended);
}

// The one who is let in is not the one whom tombstones keep out.
TEST_F(RestoredFromTombstonesTest, AnAdminWhoIsNamedIsLetInAlthoughSuspended) {
  const Caller kim = Enrol("Kim", Role::kAdmin);
  BackUp();
  ASSERT_TRUE(chapter_->access_control()
                  .SuspendPrincipal(admin_, "Kim", false, NewRequest())
                  .ok());
  const Ended ended = PutBack();
  const auto declared = Declare(ended, "Kim");
  ASSERT_TRUE(declared.ok()) << declared.status();
  const Caller again = Join(*declared->invite);
  EXPECT_EQ(again.principal, kim.principal);
  EXPECT_TRUE(Live(again).ok());
}

TEST_F(RestoredFromTombstonesTest, AnErasedMembersAccountEndsAgain) {
  const MemberId member = Members(1).front();
  InviteInput input = Inviting("Sam", Role::kMember);
  input.member = member;
  auto invite = chapter_->access_control().CreateInvite(admin_, input);
  ASSERT_TRUE(invite.ok()) << invite.status();
  const Caller sam = Join(*invite);
  BackUp();
  ASSERT_TRUE(Erase(member).ok());
  const Ended ended = PutBack();
  ASSERT_TRUE(Live(sam).ok());
  ASSERT_TRUE(Declare(ended).ok());
  EXPECT_FALSE(Live(sam).ok());
  EXPECT_EQ(chapter_->access().FindPrincipal(sam.principal)->name,
            "erased member");
}

// The entry says which backup, and nobody's name.
TEST_F(RestoredFromTombstonesTest, TheLedgerSaysWhoWasErasedAgainAndWhy) {
  const auto members = Members(1);
  BackUp();
  ASSERT_TRUE(Erase(members[0]).ok());
  const Ended ended = PutBack();
  const uint64_t before = chapter_->ledger().head().number;
  ASSERT_TRUE(Declare(ended).ok());
  const auto entry = chapter_->ledger().Read(before + 1);
  EXPECT_EQ(entry->header.action, Action::kEraseMember);
  EXPECT_EQ(entry->header.subject, kBackup);
  EXPECT_EQ(entry->header.actor, PrincipalId{});
  EXPECT_EQ(entry->header.parts.size(), 1U);
  const auto last = chapter_->ledger().Read(before + 2);
  EXPECT_EQ(last->header.action, Action::kRestore);
  EXPECT_EQ(chapter_->ledger().head().number, before + 2);
}

}  // namespace
}  // namespace sodality::core
