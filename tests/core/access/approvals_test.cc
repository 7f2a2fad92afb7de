// What nobody does alone: who counts, for what, and until when.
#include "server/core/access/approvals.h"

#include <gmock/gmock.h>

#include <chrono>

#include "tests/core/access/approvals_fixture.h"

namespace sodality::core {
namespace {

using absl::StatusCode;
using std::chrono::hours;
using std::chrono::minutes;
using testing::ElementsAre;

class ApprovalsTest : public ApprovalsFixture {
 protected:
  void SetUp() override {
    ApprovalsFixture::SetUp();
    second_ = Admin("Bea");
    Retire();
  }
  PendingAct Proposed() {
    const auto standing = Propose(order_);
    EXPECT_TRUE(standing.ok()) << standing.status();
    return standing->act;
  }
  Caller second_;
};

TEST_F(ApprovalsTest, ASecondPersonsApprovalDoesIt) {
  const auto proposed = Propose(order_);
  ASSERT_TRUE(proposed.ok()) << proposed.status();
  EXPECT_EQ(proposed->act.state, ActState::kPending);
  EXPECT_EQ(proposed->approvals, 1u);
  EXPECT_EQ(proposed->needed, 2u);
  EXPECT_FALSE(proposed->alone_from);
  EXPECT_EQ(StateOf(1), kRetired);
  const auto done = Approve(second_, proposed->act);
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(done->act.state, ActState::kDone);
  EXPECT_EQ(done->act.ended_by, second_.principal);
  EXPECT_EQ(StateOf(1), kDestroyed);
  EXPECT_THAT(Acts(), ElementsAre("PROPOSE_ACT", "APPROVE_ACT", "TRIM_KEYS"));
}

TEST_F(ApprovalsTest, TheProposerCountsOnce) {
  const PendingAct act = Proposed();
  const auto again = Approve(admin_, act);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->act.state, ActState::kPending);
  EXPECT_EQ(again->approvals, 1u);
  // Nor by another device.
  const Caller other = Join(*chapter_->access_control().CreateInvite(
      admin_, Inviting("Ada", Role::kAdmin)));
  ASSERT_EQ(other.principal, admin_.principal);
  AddKey(other);
  EXPECT_EQ(Approve(other, act)->act.state, ActState::kPending);
  clock_.Advance(hours(48));
  EXPECT_EQ(Approve(admin_, act)->act.state, ActState::kPending);
  EXPECT_EQ(StateOf(1), kRetired);
}

TEST_F(ApprovalsTest, ItIsDoneOnce) {
  const PendingAct act = Proposed();
  ASSERT_TRUE(Approve(second_, act).ok());
  const uint64_t head = chapter_->ledger().head().number;
  const auto again = Approve(second_, act);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->act.state, ActState::kDone);
  EXPECT_EQ(chapter_->ledger().head().number, head);
}

TEST_F(ApprovalsTest, ASignatureIsOfOneActAlone) {
  const PendingAct first = Proposed();
  const PendingAct other = Proposed();
  const auto replayed =
      approvals().Approve(second_, other.id, Sign(second_, first.form));
  EXPECT_EQ(ReasonOf(replayed.status()), Reason::kBadApproval);
  // Nor somebody else's.
  const auto borrowed =
      approvals().Approve(second_, first.id, Sign(admin_, first.form));
  EXPECT_EQ(ReasonOf(borrowed.status()), Reason::kBadApproval);
  EXPECT_EQ(StateOf(1), kRetired);
}

TEST_F(ApprovalsTest, OneWhoWasRevokedOrSuspendedCountsNoMore) {
  const Caller third = Admin("Cyd");
  const PendingAct act = Proposed();
  ASSERT_TRUE(chapter_->access_control()
                  .RevokeDevice(admin_, admin_.device, NewRequest())
                  .ok());
  const auto first = Approve(second_, act);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->act.state, ActState::kPending);
  EXPECT_EQ(first->approvals, 1u);
  ASSERT_TRUE(chapter_->access_control()
                  .SuspendPrincipal(third, "Bea", /*lift=*/false, NewRequest())
                  .ok());
  const auto alone = Approve(third, act);
  ASSERT_TRUE(alone.ok());
  EXPECT_EQ(alone->act.state, ActState::kPending);
  // The last one left waits from now on.
  ASSERT_TRUE(alone->alone_from);
  EXPECT_EQ(*alone->alone_from, clock_.Now() + hours(24));
  EXPECT_EQ(ReasonOf(Approve(admin_, act).status()), Reason::kDeviceRevoked);
}

TEST_F(ApprovalsTest, AnybodysRefusalEndsIt) {
  const PendingAct act = Proposed();
  const Caller cora = Enrol("Cora", Role::kCoordinator);
  EXPECT_EQ(ReasonOf(approvals().Refuse(cora, act.id).status()),
            Reason::kRoleNotAllowed);
  ASSERT_TRUE(approvals().Refuse(second_, act.id).ok());
  EXPECT_TRUE(approvals().Refuse(admin_, act.id).ok());
  const auto late = Approve(second_, act);
  EXPECT_EQ(ReasonOf(late.status()), Reason::kActEnded);
  EXPECT_EQ(StateOf(1), kRetired);
  ASSERT_TRUE(Reopen().ok());
  EXPECT_EQ(approvals().List().at(0).act.state, ActState::kRefused);
  const PendingAct done = Proposed();
  ASSERT_TRUE(Approve(second_, done).ok());
  EXPECT_EQ(ReasonOf(approvals().Refuse(second_, done.id).status()),
            Reason::kActEnded);
  EXPECT_THAT(Acts(), ElementsAre("PROPOSE_ACT", "REFUSE_ACT", "PROPOSE_ACT",
                                  "APPROVE_ACT", "TRIM_KEYS"));
}

TEST_F(ApprovalsTest, ItExpires) {
  const PendingAct act = Proposed();
  clock_.Advance(crypto::kActLife);
  EXPECT_TRUE(approvals().List().at(0).expired);
  EXPECT_EQ(ReasonOf(Approve(second_, act).status()), Reason::kActEnded);
  EXPECT_EQ(StateOf(1), kRetired);
}

TEST_F(ApprovalsTest, WhatIsProposedIsHeldAgainstItsForm) {
  const auto refused = [&](auto change) {
    crypto::ActForm form = Form(admin_, order_);
    change(form);
    return ReasonOf(Propose(admin_, form).status());
  };
  using F = crypto::ActForm;
  const auto kInvalid = Reason::kInvalidValue;
  EXPECT_EQ(refused([](F& f) { f.chapter[0] ^= 1; }), kInvalid);
  EXPECT_EQ(refused([](F& f) { f.incarnation[0] ^= 1; }), kInvalid);
  EXPECT_EQ(refused([&](F& f) { f.proposer = second_.principal.bytes; }),
            kInvalid);
  EXPECT_EQ(refused([](F& f) { f.expires.millis += 1; }), kInvalid);
  EXPECT_EQ(refused([](F& f) {
              f.created = f.created - minutes(11);
              f.expires = f.created + crypto::kActLife;
            }),
            kInvalid);
  EXPECT_EQ(refused([](F& f) { f.content.push_back(0); }), kInvalid);
  EXPECT_EQ(refused([](F& f) { f.kind = crypto::ActKind{2}; }), kInvalid);
  // The same act again is the same; another one with its id is none.
  crypto::ActForm form = Form(admin_, order_);
  ASSERT_TRUE(Propose(admin_, form).ok());
  EXPECT_TRUE(Propose(admin_, form).ok());
  EXPECT_EQ(approvals().List().size(), 1u);
  form.expires.millis += 1;
  EXPECT_EQ(ReasonOf(Propose(admin_, form).status()), Reason::kRequestIdReused);
}

TEST_F(ApprovalsTest, SoManyArePendingAndNoMore) {
  for (size_t i = 0; i < Approvals::kMostPending; ++i) Proposed();
  EXPECT_EQ(ReasonOf(Propose(order_).status()), Reason::kRateLimited);
  ASSERT_TRUE(approvals().Refuse(admin_, approvals().List()[0].act.id).ok());
  EXPECT_TRUE(Propose(order_).ok());
}

TEST_F(ApprovalsTest, ADeviceHasOneKeyForGood) {
  const auto other = crypto::ApprovalKey::Generate(crypto::SystemRandom());
  EXPECT_EQ(ReasonOf(Register(admin_, other)), Reason::kBadApproval);
  const uint64_t head = chapter_->ledger().head().number;
  EXPECT_TRUE(Register(admin_, keys_.at(admin_.device)).ok());
  EXPECT_EQ(chapter_->ledger().head().number, head);
  // Without the key itself there is no proof.
  const Caller third = Enrol("Cyd", Role::kAdmin);
  const crypto::Signer signer(keys_.at(admin_.device));
  EXPECT_EQ(ReasonOf(approvals().RegisterKey(third, signer.public_key(), {})),
            Reason::kBadApproval);
  keys_.insert_or_assign(third.device, other.Clone());
  EXPECT_EQ(ReasonOf(Propose(third, Form(third, order_)).status()),
            Reason::kBadApproval);
  ASSERT_TRUE(Register(third, other).ok());
  ASSERT_TRUE(Reopen().ok());
  EXPECT_TRUE(Propose(third, Form(third, order_)).ok());
  const Caller cora = Enrol("Cora", Role::kCoordinator);
  EXPECT_EQ(ReasonOf(Register(cora, other)), Reason::kRoleNotAllowed);
}

TEST_F(ApprovalsTest, NobodyKnowsOfAnActThatThereIsNot) {
  EXPECT_EQ(approvals().Refuse(admin_, {}).status().code(),
            StatusCode::kNotFound);
  EXPECT_EQ(approvals().Approve(admin_, {}, {}).status().code(),
            StatusCode::kNotFound);
}

class AloneTest : public ApprovalsFixture {
 protected:
  void SetUp() override {
    ApprovalsFixture::SetUp();
    Retire();
  }
};

TEST_F(AloneTest, TheOnlyAdminWaitsForADay) {
  const auto proposed = Propose(order_);
  ASSERT_TRUE(proposed.ok()) << proposed.status();
  EXPECT_EQ(proposed->needed, 1u);
  EXPECT_EQ(*proposed->alone_from, clock_.Now() + hours(24));
  clock_.Advance(hours(24) - minutes(1));
  ASSERT_TRUE(Reopen().ok());
  EXPECT_EQ(Approve(admin_, proposed->act)->act.state, ActState::kPending);
  clock_.Advance(minutes(1));
  EXPECT_EQ(Approve(admin_, proposed->act)->act.state, ActState::kDone);
  EXPECT_EQ(StateOf(1), kDestroyed);
}

TEST_F(AloneTest, ASecondWhoCameMeanwhileMustApprove) {
  const auto proposed = Propose(order_);
  const Caller second = Admin("Bea");
  clock_.Advance(hours(25));
  EXPECT_EQ(Approve(admin_, proposed->act)->act.state, ActState::kPending);
  EXPECT_EQ(Approve(second, proposed->act)->act.state, ActState::kDone);
}

TEST_F(AloneTest, WhoGetsRidOfTheOtherWaitsAnew) {
  Admin("Bea");
  const auto proposed = Propose(order_);
  clock_.Advance(hours(48));
  ASSERT_TRUE(chapter_->access_control()
                  .SuspendPrincipal(admin_, "Bea", /*lift=*/false, NewRequest())
                  .ok());
  EXPECT_EQ(Approve(admin_, proposed->act)->act.state, ActState::kPending);
  clock_.Advance(hours(23));
  EXPECT_EQ(Approve(admin_, proposed->act)->act.state, ActState::kPending);
  clock_.Advance(hours(1));
  EXPECT_EQ(Approve(admin_, proposed->act)->act.state, ActState::kDone);
}

}  // namespace
}  // namespace sodality::core
