#include "tests/core/access/chapter_fixture.h"

namespace sodality::core {
namespace {

class AccessControlTest : public ChapterFixture {
 protected:
  void SetUp() override {
    SetUpAdmin();
    cora_ = Enrol("Cora", Role::kCoordinator);
  }
  AccessControl& control() { return chapter_->access_control(); }
  Caller cora_;
};

TEST_F(AccessControlTest, FirstAdminHoldsTheSetUpGrantAlone) {
  const auto grants = chapter_->access().grants();
  ASSERT_EQ(grants.size(), 1u);
  EXPECT_EQ(grants[0]->principal, admin_.principal);
  EXPECT_EQ(grants[0]->purpose, "set-up");
  EXPECT_EQ(grants[0]->classes.size(), 3u);
  EXPECT_TRUE(grants[0]->scopes.empty());
  EXPECT_EQ(grants[0]->not_after - grants[0]->created,
            std::chrono::hours(24 * 30));
}

TEST_F(AccessControlTest, NobodyButAnAdminGrantsInvitesOrSuspends) {
  EXPECT_EQ(ReasonOf(control().CreateGrant(cora_, Granting("Ada")).status()),
            Reason::kRoleNotAllowed);
  EXPECT_EQ(ReasonOf(control()
                         .CreateInvite(cora_, Inviting("Eve", Role::kAdmin))
                         .status()),
            Reason::kRoleNotAllowed);
  EXPECT_EQ(
      ReasonOf(control().SuspendPrincipal(cora_, "Ada", false, NewRequest())),
      Reason::kRoleNotAllowed);
}

TEST_F(AccessControlTest, NobodyGrantsThemselvesAnything) {
  EXPECT_EQ(ReasonOf(control().CreateGrant(admin_, Granting("Ada")).status()),
            Reason::kOwnGrant);
}

TEST_F(AccessControlTest, GrantStandsAcrossARestart) {
  auto input = Granting("Cora");
  input.scopes = {{"region", "North"}};
  input.budget = {5, 20, 100};
  const auto id = control().CreateGrant(admin_, input);
  ASSERT_TRUE(id.ok()) << id.status();
  ASSERT_TRUE(Open(/*create=*/false).ok());
  const auto grant = chapter_->access().FindGrant(*id);
  ASSERT_NE(grant, nullptr);
  EXPECT_EQ(grant->principal, cora_.principal);
  EXPECT_EQ(grant->scopes.at(0).normalised, "north");
  EXPECT_EQ(grant->budget.per_day, 20u);
  EXPECT_EQ(grant->granted_by, admin_.principal);
}

TEST_F(AccessControlTest, EachPartOfAGrantIsChecked) {
  const auto reason = [&](auto change) {
    auto input = Granting("Cora");
    change(input);
    return ReasonOf(control().CreateGrant(admin_, input).status());
  };
  EXPECT_EQ(reason([](auto& g) { g.purpose = "x"; }), Reason::kInvalidValue);
  EXPECT_EQ(reason([](auto& g) { g.classes.clear(); }), Reason::kInvalidValue);
  EXPECT_EQ(reason([](auto& g) {
              g.scopes = {{"notes", "x"}};
            }),
            Reason::kUnknownField);
  EXPECT_EQ(reason([](auto& g) {
              g.scopes = {{"region", " "}};
            }),
            Reason::kInvalidValue);
  EXPECT_EQ(reason([](auto& g) {
              g.scopes.assign(65, {"region", "East"});
            }),
            Reason::kInvalidValue);
  EXPECT_EQ(reason([&](auto& g) { g.not_after = clock_.Now(); }),
            Reason::kInvalidValue);
  EXPECT_EQ(reason([&](auto& g) {
              g.not_after = clock_.Now() + std::chrono::hours(24 * 400);
            }),
            Reason::kInvalidValue);
  EXPECT_EQ(reason([](auto& g) { g.principal = "Nobody"; }), Reason::kNotFound);
  EXPECT_EQ(reason([](auto& g) { g.role = Role::kMember; }),
            Reason::kInvalidValue);
  EXPECT_EQ(chapter_->access().grants().size(), 1u);
}

TEST_F(AccessControlTest, RepeatedRequestGivesTheSameAnswerOnce) {
  const auto input = Granting("Cora");
  const auto first = control().CreateGrant(admin_, input);
  const auto again = control().CreateGrant(admin_, input);
  ASSERT_TRUE(first.ok() && again.ok());
  EXPECT_EQ(*first, *again);
  EXPECT_EQ(chapter_->access().grants().size(), 2u);
  auto other = input;
  other.purpose = "something else";
  EXPECT_EQ(ReasonOf(control().CreateGrant(admin_, other).status()),
            Reason::kRequestIdReused);
}

TEST_F(AccessControlTest, RepeatedInviteRequestGivesTheSameFile) {
  const auto input = Inviting("Dora", Role::kAuditor);
  const auto first = control().CreateInvite(admin_, input);
  const auto again = control().CreateInvite(admin_, input);
  ASSERT_TRUE(first.ok() && again.ok());
  EXPECT_TRUE(first->file.Equals(again->file));
  EXPECT_EQ(first->id, again->id);
}

TEST_F(AccessControlTest, WhoMayNotReadHoldsNoGrant) {
  for (const Role role : {Role::kSource, Role::kAuditor}) {
    const std::string name = "A " + std::string(RoleName(role));
    Enrol(name, role);
    const auto grant = control().CreateGrant(admin_, Granting(name));
    EXPECT_EQ(ReasonOf(grant.status()), Reason::kInvalidValue);
    EXPECT_EQ(GetErrorInfo(grant.status()).field, "to");
    auto input = Granting("Cora");
    input.role = role;
    EXPECT_EQ(ReasonOf(control().CreateGrant(admin_, input).status()),
              Reason::kInvalidValue);
  }
}

TEST_F(AccessControlTest, RevokedGrantIsEndedAtOnce) {
  const auto id = control().CreateGrant(admin_, Granting("Cora"));
  ASSERT_TRUE(id.ok());
  const auto held =
      chapter_->access().SelectGrant(cora_, std::nullopt, clock_.Now());
  ASSERT_TRUE(held.ok());
  const GrantUse use{(*held)->id, (*held)->version};
  ASSERT_TRUE(control().RevokeGrant(admin_, *id, NewRequest()).ok());
  EXPECT_EQ(
      ReasonOf(
          chapter_->access().SelectGrant(cora_, *id, clock_.Now()).status()),
      Reason::kGrantEnded);
  // What was read under the grant before it was revoked is not released.
  EXPECT_EQ(ReasonOf(chapter_->access()
                         .CheckRelease(cora_.principal, cora_.device, use,
                                       clock_.Now())
                         .status()),
            Reason::kGrantEnded);
}

TEST_F(AccessControlTest, OwnGrantAndOwnDeviceMayBeGivenBack) {
  const auto id = control().CreateGrant(admin_, Granting("Cora"));
  ASSERT_TRUE(id.ok());
  EXPECT_TRUE(control().RevokeGrant(cora_, *id, NewRequest()).ok());
  EXPECT_EQ(
      ReasonOf(control().RevokeDevice(cora_, admin_.device, NewRequest())),
      Reason::kRoleNotAllowed);
  EXPECT_TRUE(control().RevokeDevice(cora_, cora_.device, NewRequest()).ok());
}

TEST_F(AccessControlTest, UnknownIdsAreNotFoundForAnAdminAndDeniedToOthers) {
  EXPECT_EQ(ReasonOf(control().RevokeGrant(admin_, GrantId{{9}}, NewRequest())),
            Reason::kNotFound);
  EXPECT_EQ(ReasonOf(control().RevokeGrant(cora_, GrantId{{9}}, NewRequest())),
            Reason::kRoleNotAllowed);
}

TEST_F(AccessControlTest, SomeAdminCanAlwaysConnect) {
  const auto last = [&] {
    return std::pair(
        ReasonOf(control().RevokeDevice(admin_, admin_.device, NewRequest())),
        ReasonOf(control().SuspendPrincipal(admin_, "Ada", /*lift=*/false,
                                            NewRequest())));
  };
  const auto refused = std::pair(Reason::kLastAdmin, Reason::kLastAdmin);
  EXPECT_EQ(last(), refused);
  const Caller bea = Enrol("Bea", Role::kAdmin);
  ASSERT_TRUE(
      control().SuspendPrincipal(admin_, "Bea", false, NewRequest()).ok());
  EXPECT_EQ(last(), refused);
  ASSERT_TRUE(
      control().SuspendPrincipal(admin_, "Bea", true, NewRequest()).ok());
  EXPECT_TRUE(control().SuspendPrincipal(bea, "Ada", false, NewRequest()).ok());
  EXPECT_EQ(ReasonOf(control().RevokeDevice(bea, bea.device, NewRequest())),
            Reason::kLastAdmin);
}

TEST_F(AccessControlTest, WhoWasRevokedMeanwhileChangesNothing) {
  const Caller bea = Enrol("Bea", Role::kAdmin);
  ASSERT_TRUE(control().RevokeDevice(admin_, bea.device, NewRequest()).ok());
  EXPECT_EQ(
      ReasonOf(control().SuspendPrincipal(bea, "Cora", false, NewRequest())),
      Reason::kDeviceRevoked);
  EXPECT_EQ(ReasonOf(control().CreateGrant(bea, Granting("Cora")).status()),
            Reason::kDeviceRevoked);
}

TEST_F(AccessControlTest, SuspensionBitesAndLifts) {
  ASSERT_TRUE(
      control().SuspendPrincipal(admin_, "Cora", false, NewRequest()).ok());
  EXPECT_EQ(ReasonOf(chapter_->access().CheckLive(cora_.principal, cora_.device,
                                                  clock_.Now())),
            Reason::kPrincipalSuspended);
  ASSERT_TRUE(
      control().SuspendPrincipal(admin_, "Cora", true, NewRequest()).ok());
  EXPECT_TRUE(chapter_->access()
                  .CheckLive(cora_.principal, cora_.device, clock_.Now())
                  .ok());
}

TEST_F(AccessControlTest, NameThatCouldBeAnIdOrHoldsControlsIsRefused) {
  for (const std::string& name :
       {std::string(), std::string(129, 'x'), std::string("a\nb"),
        std::string("\xff"), text::EncodeBase32(store::IdBytes{1})}) {
    EXPECT_EQ(ReasonOf(control()
                           .CreateInvite(admin_, Inviting(name, Role::kAuditor))
                           .status()),
              Reason::kInvalidValue);
  }
}

TEST_F(AccessControlTest, AnInviteLivesForAWeekAtMost) {
  const auto invited = [&](std::chrono::seconds ttl) {
    InviteInput input = Inviting("Dora", Role::kSource);
    input.ttl = ttl;
    return ReasonOf(control().CreateInvite(admin_, input).status());
  };
  constexpr std::chrono::seconds kWeek = std::chrono::hours(7 * 24);
  EXPECT_EQ(invited(kWeek + std::chrono::seconds(1)), Reason::kInvalidValue);
  EXPECT_EQ(invited(std::chrono::seconds(-1)), Reason::kInvalidValue);
  EXPECT_EQ(invited(kWeek), Reason::kNone);
}

TEST_F(AccessControlTest, SecondDeviceOfTheSamePersonIsThatPerson) {
  const Caller again = Enrol("Cora", Role::kCoordinator);
  EXPECT_EQ(again.principal, cora_.principal);
  EXPECT_NE(again.device, cora_.device);
  EXPECT_EQ(ReasonOf(control()
                         .CreateInvite(admin_, Inviting("Cora", Role::kAdmin))
                         .status()),
            Reason::kInvalidValue);
}

TEST_F(AccessControlTest, MembersInviteNamesARecordAndNoOtherDoes) {
  auto without = Inviting("Mia", Role::kMember);
  EXPECT_EQ(ReasonOf(control().CreateInvite(admin_, without).status()),
            Reason::kInvalidValue);
  auto absent = Inviting("Mia", Role::kMember);
  absent.member = MemberId{{5}};
  EXPECT_EQ(ReasonOf(control().CreateInvite(admin_, absent).status()),
            Reason::kMemberNotFound);
}

}  // namespace
}  // namespace sodality::core
