#include "server/core/access/access_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/core/error.h"
#include "text/base32.h"

namespace sodality::core {
namespace {

using std::chrono::hours;
using testing::HasSubstr;

constexpr Timestamp kNow{1'790'000'000'000};

class AccessTableTest : public testing::Test {
 protected:
  AccessTableTest() {
    Principal p;
    p.id = principal_;
    p.version = 1;
    p.name = "Cora";
    p.role = Role::kCoordinator;
    table_.Put(p);
    PutDevice(false);
    Invite invite;
    invite.id = InviteId{{5}};
    invite.version = 1;
    invite.fingerprint = {6};
    invite.expires = kNow + hours(1);
    table_.Put(invite);
  }
  void PutDevice(bool revoked) {
    Device d;
    d.id = device_;
    d.version = 1;
    d.principal = principal_;
    d.certificates = {{certificate_, kNow + hours(10)}};
    d.revoked = revoked;
    table_.Put(d);
  }
  Grant PutGrant(uint8_t n, Timestamp not_after) {
    Grant g;
    g.id = GrantId{{n}};
    g.version = 1;
    g.principal = principal_;
    g.purpose = "purpose " + std::to_string(n);
    g.not_after = not_after;
    table_.Put(g);
    return g;
  }
  static Reason ReasonOf(const absl::Status& s) {
    return GetErrorInfo(s).reason;
  }
  Caller caller() const { return *table_.Identify(certificate_, kNow); }

  const PrincipalId principal_{{1}};
  const DeviceId device_{{2}};
  const Fingerprint certificate_{3};
  AccessTable table_;
};

TEST_F(AccessTableTest, IdentifiesTheHolderOfALiveCertificate) {
  EXPECT_EQ(caller().name, "Cora");
  EXPECT_EQ(caller().device, device_);
  EXPECT_TRUE(table_.Admits(certificate_, kNow));
}

TEST_F(AccessTableTest, UnknownRevokedSuspendedAndExpiredAreToldApart) {
  EXPECT_EQ(ReasonOf(table_.Identify(Fingerprint{99}, kNow).status()),
            Reason::kNotEnrolled);
  EXPECT_EQ(ReasonOf(table_.Identify(certificate_, kNow + hours(11)).status()),
            Reason::kCertificateExpired);
  Principal p = *table_.FindPrincipal(principal_);
  p.suspended = true;
  table_.Put(p);
  EXPECT_EQ(ReasonOf(table_.Identify(certificate_, kNow).status()),
            Reason::kPrincipalSuspended);
  PutDevice(/*revoked=*/true);
  EXPECT_EQ(ReasonOf(table_.Identify(certificate_, kNow).status()),
            Reason::kDeviceRevoked);
  EXPECT_FALSE(table_.Admits(certificate_, kNow));
}

TEST_F(AccessTableTest, ReplacedCertificateIsUnknown) {
  Device d = *table_.FindDevice(device_);
  d.certificates = {{Fingerprint{4}, kNow + hours(1)}};
  table_.Put(d);
  EXPECT_FALSE(table_.Admits(certificate_, kNow));
  EXPECT_TRUE(table_.Admits(Fingerprint{4}, kNow));
}

TEST_F(AccessTableTest, InviteIsAdmittedUntilItExpiresAndIsNoCaller) {
  EXPECT_TRUE(table_.Admits(Fingerprint{6}, kNow));
  EXPECT_FALSE(table_.Admits(Fingerprint{6}, kNow + hours(1)));
  EXPECT_FALSE(table_.Identify(Fingerprint{6}, kNow).ok());
  EXPECT_TRUE(table_.FindInvite(Fingerprint{6}).ok());
}

TEST_F(AccessTableTest, WithoutAGrantNothingIsAllowed) {
  EXPECT_EQ(ReasonOf(table_.SelectGrant(caller(), std::nullopt, kNow).status()),
            Reason::kNoGrant);
}

TEST_F(AccessTableTest, TheOnlyGrantInForceIsTaken) {
  PutGrant(10, kNow + hours(1));
  PutGrant(11, kNow - hours(1));
  const auto grant = table_.SelectGrant(caller(), std::nullopt, kNow);
  ASSERT_TRUE(grant.ok());
  EXPECT_EQ((*grant)->id, GrantId{{10}});
}

TEST_F(AccessTableTest, SeveralGrantsAreListedWithTheirPurposes) {
  PutGrant(10, kNow + hours(1));
  PutGrant(11, kNow + hours(2));
  const auto several = table_.SelectGrant(caller(), std::nullopt, kNow);
  EXPECT_EQ(several.status().code(), absl::StatusCode::kFailedPrecondition);
  const ErrorInfo info = GetErrorInfo(several.status());
  EXPECT_EQ(info.reason, Reason::kSeveralGrants);
  EXPECT_THAT(info.hint, HasSubstr(text::EncodeBase32(GrantId{{10}}.bytes)));
  EXPECT_THAT(info.hint, HasSubstr("purpose 11"));
}

TEST_F(AccessTableTest, AnothersGrantAnswersLikeNone) {
  Grant other = PutGrant(10, kNow + hours(1));
  other.principal = PrincipalId{{77}};
  table_.Put(other);
  const auto theirs = table_.SelectGrant(caller(), GrantId{{10}}, kNow);
  const auto none = table_.SelectGrant(caller(), GrantId{{12}}, kNow);
  EXPECT_EQ(theirs.status(), none.status());
}

TEST_F(AccessTableTest, ReleaseNeedsTheSameEpoch) {
  const auto reason = [&](const GrantUse& use, Timestamp now) {
    return ReasonOf(
        table_.CheckRelease(principal_, device_, use, now).status());
  };
  Grant grant = PutGrant(10, kNow + hours(1));
  const GrantUse first{grant.id, 1};
  const GrantUse second{grant.id, 2};
  EXPECT_TRUE(table_.CheckRelease(principal_, device_, first, kNow).ok());
  grant.version = 2;
  table_.Put(grant);
  EXPECT_EQ(reason(first, kNow), Reason::kGrantEnded);
  EXPECT_TRUE(table_.CheckRelease(principal_, device_, second, kNow).ok());
  EXPECT_EQ(reason(second, kNow + hours(2)), Reason::kGrantEnded);
  PutDevice(/*revoked=*/true);
  EXPECT_EQ(reason(second, kNow), Reason::kDeviceRevoked);
}

TEST_F(AccessTableTest, WithoutAGrantTheDeviceAloneMustBeLive) {
  const auto budget =
      table_.CheckRelease(principal_, device_, std::nullopt, kNow);
  ASSERT_TRUE(budget.ok());
  EXPECT_EQ(budget->per_hour + budget->per_day + budget->in_all, 0u);
  PutDevice(/*revoked=*/true);
  EXPECT_EQ(
      ReasonOf(table_.CheckRelease(principal_, device_, std::nullopt, kNow)
                   .status()),
      Reason::kDeviceRevoked);
}

TEST_F(AccessTableTest, PrincipalIsFoundByIdOrByAnUnambiguousName) {
  EXPECT_TRUE(table_.ResolvePrincipal("Cora").ok());
  EXPECT_TRUE(
      table_.ResolvePrincipal(text::EncodeBase32(principal_.bytes)).ok());
  Principal twin;
  twin.id = PrincipalId{{50}};
  twin.name = "Cora";
  table_.Put(twin);
  EXPECT_EQ(ReasonOf(table_.ResolvePrincipal("Cora").status()),
            Reason::kNotFound);
}

}  // namespace
}  // namespace sodality::core
