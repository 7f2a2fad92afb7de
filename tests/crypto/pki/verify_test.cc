#include "crypto/pki/verify.h"

#include <gtest/gtest.h>
#include <openssl/err.h>

#include "crypto/pki/authority.h"
#include "tests/crypto/pki/forge.h"

namespace sodality::pki {
namespace {

using std::chrono::seconds;
using Verdict = CertificateVerdict;

Certificate Device() {
  return TestAuthority()
      .IssueDevice(NewKey().public_key(), kDeviceId, kNow)
      .value();
}

Verdict Judge(const Certificate& certificate,
              CertificateKind expected = CertificateKind::kDevice,
              platform::Timestamp now = kNow) {
  return JudgeCertificate(TestAuthority().certificate(), certificate, expected,
                          now);
}

TEST(VerifyTest, AcceptsWhatTheAuthorityIssued) {
  EXPECT_EQ(Judge(Device()), Verdict::kValid);
}

TEST(VerifyTest, AcceptsAnEqualProfileSignedByTheSameKey) {
  EXPECT_EQ(Judge(Certificate::ParseDer(Forge(GoodDevice())).value()),
            Verdict::kValid);
}

TEST(VerifyTest, RefusesAnotherKind) {
  const Certificate device = Device();
  EXPECT_EQ(Judge(device, CertificateKind::kServer), Verdict::kWrongKind);
  EXPECT_EQ(Judge(device, CertificateKind::kInvite), Verdict::kWrongKind);
}

TEST(VerifyTest, RefusesAnotherAuthorityOfTheSameName) {
  const auto other = CertificateAuthority::Create(kChapter, kNow).value();
  EXPECT_EQ(JudgeCertificate(other.certificate(), Device(),
                             CertificateKind::kDevice, kNow),
            Verdict::kNotIssuedHere);
}

TEST(VerifyTest, RefusesAnotherChapter) {
  const auto other = CertificateAuthority::Create(kOtherChapter, kNow).value();
  EXPECT_EQ(JudgeCertificate(other.certificate(), Device(),
                             CertificateKind::kDevice, kNow),
            Verdict::kOtherChapter);
}

TEST(VerifyTest, RefusesAChapterThatTheAuthorityDoesNotSpeakFor) {
  Forgery forgery = GoodDevice();
  forgery.extensions[NID_subject_alt_name] =
      "URI:sodality:" + kOtherChapter + "/device/" + kDeviceId;
  EXPECT_EQ(Judge(Certificate::ParseDer(Forge(forgery)).value()),
            Verdict::kOtherChapter);
}

TEST(VerifyTest, HoldsFromItsFirstSecondUntilItsEnd) {
  const Certificate device = Device();
  const Validity& life = device.validity();
  const auto at = [&](platform::Timestamp now) {
    return Judge(device, CertificateKind::kDevice, now);
  };
  EXPECT_EQ(at(life.not_before - seconds(1)), Verdict::kNotYetValid);
  EXPECT_EQ(at(life.not_before), Verdict::kValid);
  EXPECT_EQ(at(life.not_after - seconds(1)), Verdict::kValid);
  EXPECT_EQ(at(life.not_after), Verdict::kExpired);
  EXPECT_EQ(at(life.not_after + seconds(1)), Verdict::kExpired);
}

TEST(VerifyTest, RefusesWhatADeviceSigned) {
  const PrivateKey key = NewKey();
  Forgery forgery = GoodDevice();
  forgery.issuer = &key;
  EXPECT_EQ(Judge(Certificate::ParseDer(Forge(forgery)).value()),
            Verdict::kNotIssuedHere);
  forgery.issuer_name = "sodality device";
  EXPECT_EQ(Judge(Certificate::ParseDer(Forge(forgery)).value()),
            Verdict::kNotIssuedHere);
}

TEST(VerifyTest, EveryFlippedBitIsRefused) {
  const platform::Bytes der = Device().der();
  for (size_t i = 0; i < der.size(); ++i) {
    const auto parsed = Certificate::ParseDer(Flipped(der, i));
    if (!parsed.ok()) continue;
    EXPECT_NE(Judge(*parsed), Verdict::kValid) << "byte " << i;
  }
}

TEST(VerifyTest, StatusIsTheSameForEveryCause) {
  const CaCertificate& root = TestAuthority().certificate();
  const Certificate device = Device();
  const auto expired = VerifyIssued(root, device, CertificateKind::kDevice,
                                    device.validity().not_after);
  const auto wrong_kind =
      VerifyIssued(root, device, CertificateKind::kServer, kNow);
  const auto other = CertificateAuthority::Create(kChapter, kNow).value();
  const auto not_issued =
      VerifyIssued(other.certificate(), device, CertificateKind::kDevice, kNow);
  EXPECT_EQ(expired.code(), absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(expired, wrong_kind);
  EXPECT_EQ(expired, not_issued);
  EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST(VerifyTest, EveryVerdictHasAPhrase) {
  for (const Verdict v :
       {Verdict::kValid, Verdict::kOtherChapter, Verdict::kWrongKind,
        Verdict::kNotYetValid, Verdict::kExpired, Verdict::kNotIssuedHere}) {
    EXPECT_FALSE(VerdictName(v).empty());
  }
}

}  // namespace
}  // namespace sodality::pki
