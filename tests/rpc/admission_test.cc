#include "server/rpc/admission.h"

#include <gtest/gtest.h>

#include "server/core/error.h"
#include "server/rpc/certificate_verifier.h"
#include "tests/rpc/chapter_fixture.h"

namespace sodality::rpc {
namespace {

using core::GetErrorInfo;
using core::Reason;
using core::Role;

class AdmissionTest : public testing::Test {
 protected:
  absl::Status Admit(std::string_view method, const Person& person,
                     std::optional<std::chrono::milliseconds> left =
                         std::chrono::seconds(10)) {
    return admission_.Admit({method, person.certificate_pem, left}).status();
  }

  TestChapter chapter_;
  Admission admission_{chapter_.holder(), CallLimits(), chapter_.clock()};
};

void ExpectRefusal(const absl::Status& status, absl::StatusCode code,
                   Reason reason) {
  EXPECT_EQ(status.code(), code) << status;
  EXPECT_EQ(GetErrorInfo(status).reason, reason) << status;
}

TEST_F(AdmissionTest, AdmitsALiveDeviceAndSaysWhoItIs) {
  const auto call =
      admission_.Admit({method::kGetStatus, chapter_.admin().certificate_pem,
                        std::chrono::seconds(1)});
  ASSERT_TRUE(call.ok()) << call.status();
  EXPECT_EQ(call->caller().principal, chapter_.admin().caller.principal);
  EXPECT_EQ(call->caller().role, Role::kAdmin);
  EXPECT_EQ(call->certificate(), chapter_.admin().fingerprint);
}

TEST_F(AdmissionTest, AMethodWithoutARowIsInternal) {
  ExpectRefusal(Admit("/sodality.v1.DirectoryService/Export", chapter_.admin()),
                absl::StatusCode::kInternal, Reason::kNone);
}

TEST_F(AdmissionTest, NoCertificateAndRubbishAreNotEnrolled) {
  for (const char* pem : {"", "-----BEGIN CERTIFICATE-----\nAAAA\n"}) {
    ExpectRefusal(Admit(method::kGetStatus, {.certificate_pem = pem}),
                  absl::StatusCode::kUnauthenticated, Reason::kNotEnrolled);
  }
}

TEST_F(AdmissionTest, ACertificateInNoTableIsNotEnrolled) {
  ExpectRefusal(Admit(method::kGetStatus, chapter_.Stranger()),
                absl::StatusCode::kUnauthenticated, Reason::kNotEnrolled);
}

TEST_F(AdmissionTest, AWrongRoleIsRefused) {
  const Person coordinator = chapter_.Enrol("Cora", Role::kCoordinator);
  ExpectRefusal(Admit(method::kCreateGrant, coordinator),
                absl::StatusCode::kPermissionDenied, Reason::kRoleNotAllowed);
  EXPECT_TRUE(Admit(method::kSearchMembers, coordinator).ok());
}

TEST_F(AdmissionTest, AnInviteMayRedeemAndNothingElse) {
  const Person invite = chapter_.Invite("Ivo", Role::kCoordinator);
  for (const MethodPolicy& row : AllPolicies()) {
    if (row.caller == CallerKind::kDevice) {
      ExpectRefusal(Admit(row.method, invite),
                    absl::StatusCode::kUnauthenticated, Reason::kNotEnrolled);
    } else {
      EXPECT_TRUE(Admit(row.method, invite).ok()) << row.method;
    }
  }
}

TEST_F(AdmissionTest, ADeviceMayNotRedeem) {
  ExpectRefusal(Admit(method::kRedeem, chapter_.admin()),
                absl::StatusCode::kPermissionDenied, Reason::kRoleNotAllowed);
}

TEST_F(AdmissionTest, ADeadlineIsRequiredAndHasALimit) {
  ExpectRefusal(Admit(method::kGetStatus, chapter_.admin(), std::nullopt),
                absl::StatusCode::kInvalidArgument, Reason::kDeadlineRequired);
  ExpectRefusal(
      Admit(method::kGetStatus, chapter_.admin(), std::chrono::hours(2)),
      absl::StatusCode::kInvalidArgument, Reason::kDeadlineRequired);
}

TEST_F(AdmissionTest, SealedRefusesAllButHealth) {
  const Person admin = chapter_.admin();
  chapter_.Seal();
  for (const MethodPolicy& row : AllPolicies()) {
    if (row.caller == CallerKind::kAnyCertificate) {
      EXPECT_TRUE(Admit(row.method, admin).ok()) << row.method;
    } else {
      ExpectRefusal(Admit(row.method, admin), absl::StatusCode::kUnavailable,
                    Reason::kSealed);
    }
  }
}

TEST_F(AdmissionTest, ARevokedDeviceIsRefusedBetweenTwoMessages) {
  const Person auditor = chapter_.Enrol("Aude", Role::kAuditor);
  const auto call =
      admission_.Admit({method::kStreamLeaves, auditor.certificate_pem,
                        std::chrono::seconds(10)});
  ASSERT_TRUE(call.ok());
  EXPECT_TRUE(call->Recheck().ok());
  ASSERT_TRUE(chapter_.chapter()
                  .access_control()
                  .RevokeDevice(chapter_.admin().caller, auditor.caller.device,
                                chapter_.NewRequest())
                  .ok());
  ExpectRefusal(call->Recheck(), absl::StatusCode::kUnauthenticated,
                Reason::kDeviceRevoked);
  ExpectRefusal(Admit(method::kGetStatus, auditor),
                absl::StatusCode::kUnauthenticated, Reason::kDeviceRevoked);
  ExpectRefusal(Admit(method::kHealthCheck, auditor),
                absl::StatusCode::kUnauthenticated, Reason::kNotEnrolled);
}

TEST_F(AdmissionTest, ASuspendedPrincipalIsRefused) {
  const Person cora = chapter_.Enrol("Cora", Role::kCoordinator);
  ASSERT_TRUE(chapter_.chapter()
                  .access_control()
                  .SuspendPrincipal(chapter_.admin().caller, "Cora",
                                    /*lift=*/false, chapter_.NewRequest())
                  .ok());
  ExpectRefusal(Admit(method::kGetStatus, cora),
                absl::StatusCode::kUnauthenticated,
                Reason::kPrincipalSuspended);
}

TEST_F(AdmissionTest, AnExpiredCertificateIsRefused) {
  chapter_.clock().Advance(std::chrono::hours(24 * 91));
  ExpectRefusal(Admit(method::kGetStatus, chapter_.admin()),
                absl::StatusCode::kUnauthenticated,
                Reason::kCertificateExpired);
}

TEST_F(AdmissionTest, TooManyCallsAreRefused) {
  Admission tight{chapter_.holder(), {.at_once = 1}, chapter_.clock()};
  const CallFacts facts{method::kGetStatus, chapter_.admin().certificate_pem,
                        std::chrono::seconds(1)};
  const auto first = tight.Admit(facts);
  ASSERT_TRUE(first.ok());
  ExpectRefusal(tight.Admit(facts).status(),
                absl::StatusCode::kResourceExhausted, Reason::kRateLimited);
}

TEST(CertificateCacheTest, ParsesOnceAndKeepsNoMoreThanItMay) {
  TestChapter chapter;
  CertificateCache cache;
  for (int i = 0; i < 2; ++i) {
    const auto fingerprint =
        cache.FingerprintOf(chapter.admin().certificate_pem);
    ASSERT_TRUE(fingerprint.ok());
    EXPECT_EQ(*fingerprint, chapter.admin().fingerprint);
  }
  EXPECT_EQ(cache.size(), 1u);
  EXPECT_FALSE(cache.FingerprintOf("rubbish").ok());
  EXPECT_EQ(cache.size(), 1u);
}

// ---- The listener's own check, before HTTP/2

class AdmitsConnectionTest : public testing::Test {
 protected:
  bool Admits(const Person& person) {
    return AdmitsConnection(person.certificate_pem,
                            chapter_.authority().certificate(),
                            chapter_.holder(), chapter_.clock().Now());
  }
  TestChapter chapter_;
};

TEST_F(AdmitsConnectionTest, DevicesAndInvitesThatAreKnown) {
  EXPECT_TRUE(Admits(chapter_.admin()));
  EXPECT_TRUE(Admits(chapter_.Invite("Ivo", Role::kCoordinator)));
}

TEST_F(AdmitsConnectionTest, NobodyElse) {
  EXPECT_FALSE(Admits(chapter_.Stranger()));
  EXPECT_FALSE(Admits({}));
  const TestChapter other;
  EXPECT_FALSE(Admits(other.admin()));
}

TEST_F(AdmitsConnectionTest, NotARevokedDevice) {
  const Person cora = chapter_.Enrol("Cora", Role::kCoordinator);
  EXPECT_TRUE(Admits(cora));
  ASSERT_TRUE(chapter_.chapter()
                  .access_control()
                  .RevokeDevice(chapter_.admin().caller, cora.caller.device,
                                chapter_.NewRequest())
                  .ok());
  EXPECT_FALSE(Admits(cora));
}

TEST_F(AdmitsConnectionTest, NotTheServersOwnCertificate) {
  const auto key = pki::PrivateKey::Generate();
  ASSERT_TRUE(key.ok());
  const auto certificate = chapter_.authority().IssueServer(
      key->public_key(), std::string(26, 'a'), chapter_.clock().Now());
  ASSERT_TRUE(certificate.ok());
  EXPECT_FALSE(Admits({.certificate_pem = certificate->ToPem()}));
  chapter_.Seal();
  EXPECT_FALSE(Admits({.certificate_pem = certificate->ToPem()}));
}

TEST_F(AdmitsConnectionTest, WhileSealedWhoeverTheAuthorityCertified) {
  const Person stranger = chapter_.Stranger();
  const TestChapter other;
  chapter_.Seal();
  EXPECT_TRUE(Admits(stranger));
  EXPECT_FALSE(Admits(other.admin()));
}

TEST_F(AdmitsConnectionTest, NotAfterTheCertificateEnds) {
  chapter_.Seal();
  chapter_.clock().Advance(std::chrono::hours(24 * 91));
  EXPECT_FALSE(Admits(chapter_.admin()));
}

}  // namespace
}  // namespace sodality::rpc
