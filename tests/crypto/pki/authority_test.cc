#include "crypto/pki/authority.h"

#include <gtest/gtest.h>

#include <set>

#include "crypto/pki/verify.h"
#include "tests/crypto/pki/forge.h"

namespace sodality::pki {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

TEST(AuthorityTest, RootHoldsTenYears) {
  const auto authority = CertificateAuthority::Create(kChapter, kNow);
  ASSERT_TRUE(authority.ok()) << authority.status();
  const Validity& validity = authority->certificate().validity();
  EXPECT_EQ(validity.not_before, kNow - minutes(5));
  EXPECT_EQ(validity.not_after, kNow + hours(24 * 3650));
  EXPECT_EQ(authority->certificate().chapter_id(), kChapter);
}

TEST(AuthorityTest, CreateRefusesWhatIsNoChapterId) {
  for (const char* id : {"", "chapter", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}) {
    EXPECT_EQ(CertificateAuthority::Create(id, kNow).status().code(), kInvalid);
  }
}

TEST(AuthorityTest, EachKindHasItsIdentityLifeAndKey) {
  const CertificateAuthority& ca = TestAuthority();
  const PublicKey key = NewKey().public_key();
  const auto server = ca.IssueServer(key, kDeviceId, kNow).value();
  const auto device = ca.IssueDevice(key, kDeviceId, kNow).value();
  const auto invite = ca.IssueInvite(key, kDeviceId, kNow, hours(24)).value();
  EXPECT_EQ(server.identity(),
            (Identity{kChapter, CertificateKind::kServer, kDeviceId}));
  EXPECT_EQ(device.identity(),
            (Identity{kChapter, CertificateKind::kDevice, kDeviceId}));
  EXPECT_EQ(invite.identity(),
            (Identity{kChapter, CertificateKind::kInvite, kDeviceId}));
  EXPECT_EQ(server.validity().not_after, kNow + kServerLife);
  EXPECT_EQ(device.validity().not_after, kNow + kDeviceLife);
  EXPECT_EQ(invite.validity().not_after, kNow + hours(24));
  for (const auto& issued : {server, device, invite}) {
    EXPECT_EQ(issued.public_key(), key);
    EXPECT_EQ(issued.validity().not_before, kNow - minutes(5));
    EXPECT_EQ(
        VerifyIssued(ca.certificate(), issued, issued.identity().kind, kNow),
        absl::OkStatus());
  }
}

TEST(AuthorityTest, LifeIsCutToTheAuthoritysOwn) {
  const CertificateAuthority& ca = TestAuthority();
  const Validity& own = ca.certificate().validity();
  const PublicKey key = NewKey().public_key();
  const auto late =
      ca.IssueDevice(key, kDeviceId, own.not_after - hours(1)).value();
  EXPECT_EQ(late.validity().not_after, own.not_after);
  const auto early = ca.IssueDevice(key, kDeviceId, own.not_before).value();
  EXPECT_EQ(early.validity().not_before, own.not_before);
}

TEST(AuthorityTest, NothingIsIssuedOutsideTheAuthoritysLife) {
  const CertificateAuthority& ca = TestAuthority();
  const Validity& own = ca.certificate().validity();
  const PublicKey key = NewKey().public_key();
  for (const auto now : {own.not_before - seconds(1), own.not_after}) {
    EXPECT_EQ(ca.IssueDevice(key, kDeviceId, now).status().code(),
              absl::StatusCode::kFailedPrecondition);
  }
}

TEST(AuthorityTest, IssueRefusesWhatIsNoId) {
  const PublicKey key = NewKey().public_key();
  for (const std::string& id : {std::string(), std::string("device"),
                                kDeviceId + "/x", kDeviceId.substr(1) + "!"}) {
    EXPECT_EQ(TestAuthority().IssueDevice(key, id, kNow).status().code(),
              kInvalid);
  }
}

TEST(AuthorityTest, InviteLifeIsBounded) {
  const PublicKey key = NewKey().public_key();
  for (const seconds life :
       {seconds(-1), seconds(0), seconds(kMaxInviteLife) + seconds(1)}) {
    EXPECT_EQ(
        TestAuthority().IssueInvite(key, kDeviceId, kNow, life).status().code(),
        kInvalid);
  }
  EXPECT_TRUE(
      TestAuthority().IssueInvite(key, kDeviceId, kNow, kMaxInviteLife).ok());
}

TEST(AuthorityTest, SerialsAreLongAndDiffer) {
  const PublicKey key = NewKey().public_key();
  std::set<std::string> serials;
  size_t longest = 0;
  for (int i = 0; i < 50; ++i) {
    const auto issued = TestAuthority().IssueDevice(key, kDeviceId, kNow);
    serials.insert(issued->serial());
    longest = std::max(longest, issued->serial().size());
  }
  EXPECT_EQ(serials.size(), 50U);
  EXPECT_EQ(longest, 32U);
}

TEST(AuthorityTest, LoadsFromItsStoredParts) {
  const CertificateAuthority& ca = TestAuthority();
  const auto key = PrivateKey::FromPkcs8Der(ca.key());
  auto root = CaCertificate::ParseDer(ca.certificate().der());
  const auto loaded = CertificateAuthority::Load(*key, *std::move(root));
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  const auto issued =
      loaded->IssueDevice(NewKey().public_key(), kDeviceId, kNow).value();
  EXPECT_TRUE(
      VerifyIssued(ca.certificate(), issued, CertificateKind::kDevice, kNow)
          .ok());
}

TEST(AuthorityTest, LoadRefusesACertificateOfAnotherKey) {
  EXPECT_EQ(CertificateAuthority::Load(NewKey(), TestAuthority().certificate())
                .status()
                .code(),
            absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace sodality::pki
