#include <future>

#include "tests/core/access/chapter_fixture.h"

namespace sodality::core {
namespace {

class EnrollmentTest : public ChapterFixture {
 protected:
  void SetUp() override { SetUpAdmin(); }
  InviteOutput Invited() {
    return *chapter_->access_control().CreateInvite(
        admin_, Inviting("Cora", Role::kCoordinator));
  }
};

TEST_F(EnrollmentTest, RoleAndNameComeFromTheInvite) {
  const Caller cora = Enrol("Cora", Role::kCoordinator);
  EXPECT_EQ(cora.role, Role::kCoordinator);
  EXPECT_EQ(cora.name, "Cora");
}

TEST_F(EnrollmentTest, SameKeyAgainGetsTheSameBytes) {
  const InviteOutput invite = Invited();
  const auto key = *pki::PrivateKey::Generate();
  const auto first = Redeem(invite, key);
  const auto again = Redeem(invite, key);
  ASSERT_TRUE(first.ok() && again.ok());
  EXPECT_EQ(first->certificate_pem, again->certificate_pem);
  EXPECT_EQ(first->device, again->device);
}

TEST_F(EnrollmentTest, AnotherKeyIsRefusedRecordedAndCounted) {
  const InviteOutput invite = Invited();
  ASSERT_TRUE(Redeem(invite, *pki::PrivateKey::Generate()).ok());
  const auto refused = Redeem(invite, *pki::PrivateKey::Generate());
  EXPECT_EQ(ReasonOf(refused.status()), Reason::kInviteUsed);
  EXPECT_EQ(chapter_->enrollment().refused(), 1u);
  const auto entry = chapter_->ledger().Read(chapter_->ledger().head().number);
  ASSERT_TRUE(entry.ok());
  EXPECT_EQ(entry->header.action, Action::kRefuseInvite);
  EXPECT_EQ(entry->header.outcome, Outcome::kRefused);
}

TEST_F(EnrollmentTest, InviteIsBurntAcrossARestart) {
  const InviteOutput invite = Invited();
  const auto key = *pki::PrivateKey::Generate();
  const auto first = Redeem(invite, key);
  ASSERT_TRUE(first.ok());
  ASSERT_TRUE(Open(/*create=*/false).ok());
  EXPECT_EQ(Redeem(invite, key)->certificate_pem, first->certificate_pem);
  EXPECT_FALSE(Redeem(invite, *pki::PrivateKey::Generate()).ok());
}

TEST_F(EnrollmentTest, ExpiredInviteIsRefused) {
  const InviteOutput invite = Invited();
  clock_.Advance(std::chrono::hours(25));
  const auto refused = Redeem(invite, *pki::PrivateKey::Generate());
  EXPECT_EQ(ReasonOf(refused.status()), Reason::kInviteExpired);
}

TEST_F(EnrollmentTest, InvitesOwnKeyIsNoDeviceKey) {
  const InviteOutput invite = Invited();
  const auto parsed = pki::ParseInvite(invite.file);
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(ReasonOf(Redeem(invite, parsed->key).status()),
            Reason::kBadRequestCertificate);
  EXPECT_TRUE(Redeem(invite, *pki::PrivateKey::Generate()).ok());
}

TEST_F(EnrollmentTest, RequestMustBeACertificateRequest) {
  const auto parsed = pki::ParseInvite(Invited().file);
  ASSERT_TRUE(parsed.ok());
  const store::Bytes junk = {1, 2, 3};
  EXPECT_EQ(ReasonOf(chapter_->enrollment()
                         .Redeem(parsed->certificate.fingerprint().bytes, junk)
                         .status()),
            Reason::kBadRequestCertificate);
}

TEST_F(EnrollmentTest, RenewalMustBeACertificateRequestToo) {
  const Caller cora = Enrol("Cora", Role::kCoordinator);
  const store::Bytes junk = {1, 2, 3};
  EXPECT_EQ(ReasonOf(chapter_->enrollment().Renew(cora, junk).status()),
            Reason::kBadRequestCertificate);
}

TEST_F(EnrollmentTest, WhoIsSuspendedJoinsWithNoInvite) {
  Enrol("Cora", Role::kCoordinator);
  const InviteOutput second = Invited();
  const auto suspend = [&](bool lift) {
    return chapter_->access_control().SuspendPrincipal(admin_, "Cora", lift,
                                                       NewRequest());
  };
  ASSERT_TRUE(suspend(/*lift=*/false).ok());
  EXPECT_EQ(ReasonOf(Redeem(second, *pki::PrivateKey::Generate()).status()),
            Reason::kPrincipalSuspended);
  // Which has not burnt it.
  ASSERT_TRUE(suspend(/*lift=*/true).ok());
  EXPECT_TRUE(Redeem(second, *pki::PrivateKey::Generate()).ok());
}

TEST_F(EnrollmentTest, ConnectionMustBeTheInvitesOwn) {
  const auto key = *pki::PrivateKey::Generate();
  EXPECT_EQ(ReasonOf(chapter_->enrollment()
                         .Redeem(Fingerprint{7}, Request(key).der())
                         .status()),
            Reason::kNotEnrolled);
}

TEST_F(EnrollmentTest, RenewalKeepsTheDeviceAndBothCertificates) {
  const auto invite = Invited();
  const auto enrolled = Redeem(invite, *pki::PrivateKey::Generate());
  ASSERT_TRUE(enrolled.ok());
  const Caller before = CallerOf(*enrolled);
  const auto renewed = chapter_->enrollment().Renew(
      before, Request(*pki::PrivateKey::Generate()).der());
  ASSERT_TRUE(renewed.ok()) << renewed.status();
  EXPECT_EQ(renewed->device, before.device);
  EXPECT_EQ(CallerOf(*renewed).device, before.device);
  EXPECT_EQ(CallerOf(*enrolled).device, before.device);
}

TEST_F(EnrollmentTest, RevokedDeviceDoesNotRenew) {
  const Caller cora = Enrol("Cora", Role::kCoordinator);
  ASSERT_TRUE(chapter_->access_control()
                  .RevokeDevice(admin_, cora.device, NewRequest())
                  .ok());
  const auto renewed = chapter_->enrollment().Renew(
      cora, Request(*pki::PrivateKey::Generate()).der());
  EXPECT_EQ(ReasonOf(renewed.status()), Reason::kDeviceRevoked);
}

// A device that renews without a pause cannot hold off its own revocation.
TEST_F(EnrollmentTest, RevocationWinsOverRenewalsWithoutEnd) {
  const Caller cora = Enrol("Cora", Role::kCoordinator);
  const auto request = Request(*pki::PrivateKey::Generate());
  std::promise<void> renewed_once;
  auto renewing = std::async(std::launch::async, [&] {
    for (bool first = true;; first = false) {
      const auto renewed = chapter_->enrollment().Renew(cora, request.der());
      if (first) renewed_once.set_value();
      if (!renewed.ok()) return renewed.status();
    }
  });
  renewed_once.get_future().wait();
  EXPECT_EQ(chapter_->access_control().RevokeDevice(admin_, cora.device,
                                                    NewRequest()),
            absl::OkStatus());
  EXPECT_TRUE(chapter_->access().FindDevice(cora.device)->revoked);
  EXPECT_EQ(ReasonOf(renewing.get()), Reason::kDeviceRevoked);
}

}  // namespace
}  // namespace sodality::core
