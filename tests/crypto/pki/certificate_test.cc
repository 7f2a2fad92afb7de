#include "crypto/pki/certificate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/err.h>

#include <algorithm>

#include "crypto/sha256.h"
#include "tests/crypto/pki/forge.h"

namespace sodality::pki {
namespace {

using testing::HasSubstr;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

std::string Why(const platform::Bytes& der) {
  const auto parsed = Certificate::ParseDer(der);
  EXPECT_EQ(parsed.status().code(), kInvalid);
  return std::string(parsed.status().message());
}

// A device's certificate with one extension changed; "" takes it away.
std::string WhyWith(int nid, const std::string& text) {
  Forgery forgery = GoodDevice();
  forgery.extensions.erase(nid);
  if (!text.empty()) forgery.extensions[nid] = text;
  return Why(Forge(forgery));
}

std::string Uri(const std::string& kind = "device") {
  return "URI:sodality:" + kChapter + "/" + kind + "/" + kDeviceId;
}

// The control of every test below: unchanged, these are accepted.
TEST(CertificateTest, GoodProfilesMadeElsewhereParse) {
  const auto device = Certificate::ParseDer(Forge(GoodDevice()));
  ASSERT_TRUE(device.ok()) << device.status();
  EXPECT_EQ(device->identity(),
            (Identity{kChapter, CertificateKind::kDevice, kDeviceId}));
  EXPECT_EQ(device->validity().not_before, kNow);
  EXPECT_EQ(device->validity().not_after, kNow + std::chrono::hours(1));
  EXPECT_EQ(device->serial(), "0123456789abcdef0123456789abcdef");
  const auto server = Certificate::ParseDer(Forge(GoodServer()));
  ASSERT_TRUE(server.ok()) << server.status();
  EXPECT_EQ(server->identity().kind, CertificateKind::kServer);
}

TEST(CertificateTest, FingerprintIsOfTheWholeDer) {
  const platform::Bytes der = Forge(GoodDevice());
  const auto parsed = Certificate::ParseDer(der).value();
  EXPECT_EQ(parsed.der(), der);
  EXPECT_EQ(parsed.fingerprint().bytes, crypto::Sha256(der));
}

TEST(CertificateTest, PemRoundTrips) {
  const auto parsed = Certificate::ParseDer(Forge(GoodDevice())).value();
  const auto again = Certificate::ParsePem(parsed.ToPem());
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->der(), parsed.der());
}

TEST(CertificateTest, PemWithAnythingAroundItIsRefused) {
  const std::string pem =
      Certificate::ParseDer(Forge(GoodDevice())).value().ToPem();
  for (const std::string& text :
       {std::string(), pem + pem, "x\n" + pem, pem + "x", pem + "\n",
        pem.substr(0, pem.size() - 2), std::string(9000, '-')}) {
    EXPECT_EQ(Certificate::ParsePem(text).status().code(), kInvalid);
  }
}

TEST(CertificateTest, NamesOtherThanOneUriAreRefused) {
  const std::string one = "not exactly one URI";
  EXPECT_THAT(WhyWith(NID_subject_alt_name, Uri() + "," + Uri()),
              HasSubstr(one));
  EXPECT_THAT(WhyWith(NID_subject_alt_name, Uri() + "," + Uri("server")),
              HasSubstr(one));
  EXPECT_THAT(WhyWith(NID_subject_alt_name, "DNS:" + ServerName(kChapter)),
              HasSubstr(one));
  EXPECT_THAT(WhyWith(NID_subject_alt_name, Uri() + ",IP:192.0.2.1"),
              HasSubstr("another type"));
  EXPECT_THAT(WhyWith(NID_subject_alt_name, Uri() + ",email:a@example.org"),
              HasSubstr("another type"));
  EXPECT_THAT(WhyWith(NID_subject_alt_name, "URI:https://example.org/"),
              HasSubstr("no sodality: URI"));
  EXPECT_THAT(WhyWith(NID_subject_alt_name, ""), HasSubstr("extension"));
}

TEST(CertificateTest, DnsNameStandsOnTheServersAndOnlyThere) {
  EXPECT_THAT(
      WhyWith(NID_subject_alt_name, Uri() + ",DNS:" + ServerName(kChapter)),
      HasSubstr("DNS names"));
  for (const std::string& names :
       {Uri("server"), Uri("server") + ",DNS:" + ServerName(kOtherChapter),
        Uri("server") + ",DNS:*.sodality.internal",
        Uri("server") + ",DNS:" + ServerName(kChapter) + ",DNS:localhost",
        Uri("server") + ",DNS:" + ServerName(kChapter) +
            ",DNS:" + ServerName(kChapter)}) {
    Forgery forgery = GoodServer();
    forgery.extensions[NID_subject_alt_name] = names;
    EXPECT_THAT(Why(Forge(forgery)), HasSubstr("DNS names")) << names;
  }
}

TEST(CertificateTest, NulInsideANameIsSeen) {
  const platform::Bytes server = Forge(GoodServer());
  const std::string name = ServerName(kChapter);
  std::string cut = name;
  cut[5] = '\0';
  // The URI, which holds the chapter too, comes first: patch the DNS name.
  EXPECT_THAT(Why(Patched(server, name, cut)), HasSubstr("DNS names"));
  std::string id = kDeviceId;
  id.back() = '\0';
  EXPECT_THAT(Why(Patched(Forge(GoodDevice()), kDeviceId, id)),
              HasSubstr("no valid id"));
}

TEST(CertificateTest, ExtendedKeyUsageMustFitTheKind) {
  for (const char* usage :
       {"critical,serverAuth", "critical,clientAuth,serverAuth",
        "critical,anyExtendedKeyUsage", "critical,clientAuth,1.3.6.1.4.1.99999",
        "critical,codeSigning"}) {
    EXPECT_THAT(WhyWith(NID_ext_key_usage, usage),
                HasSubstr("extended key usage"))
        << usage;
  }
  Forgery server = GoodServer();
  server.extensions[NID_ext_key_usage] = "critical,clientAuth";
  EXPECT_THAT(Why(Forge(server)), HasSubstr("extended key usage"));
}

TEST(CertificateTest, AuthoritiesAndOtherKeyUsagesAreRefused) {
  EXPECT_THAT(WhyWith(NID_basic_constraints, "critical,CA:TRUE"),
              HasSubstr("an authority"));
  for (const char* usage :
       {"critical,digitalSignature,keyCertSign", "critical,keyAgreement",
        "critical,digitalSignature,keyEncipherment"}) {
    EXPECT_THAT(WhyWith(NID_key_usage, usage), HasSubstr("key usage"));
  }
}

TEST(CertificateTest, MissingAndUnknownExtensionsAreRefused) {
  for (const int nid :
       {NID_basic_constraints, NID_key_usage, NID_ext_key_usage,
        NID_subject_key_identifier, NID_authority_key_identifier}) {
    EXPECT_THAT(WhyWith(nid, ""), HasSubstr("extension")) << nid;
  }
  EXPECT_THAT(WhyWith(NID_netscape_comment, "hello"), HasSubstr("extension"));
  EXPECT_THAT(WhyWith(NID_crl_distribution_points, "URI:http://192.0.2.1/"),
              HasSubstr("extension"));
}

TEST(CertificateTest, OtherKeysAreRefused) {
  for (const char* kind : {"P-384", "secp256k1", "RSA"}) {
    const auto key = ForeignKey(kind);
    Forgery forgery = GoodDevice();
    forgery.subject = key.get();
    EXPECT_EQ(Why(Forge(forgery)), "not a P-256 public key") << kind;
  }
}

TEST(CertificateTest, OtherSignaturesVersionsDatesAndSerialsAreRefused) {
  Forgery forgery = GoodDevice();
  forgery.digest = "SHA384";
  EXPECT_THAT(Why(Forge(forgery)), HasSubstr("SHA-256"));
  // OpenSSL 3.5 makes version 3 of all that has extensions.
  platform::Bytes second = Forge(GoodDevice());
  const platform::Bytes version = {0xa0, 3, 2, 1, 2};
  const auto at =
      std::search(second.begin(), second.end(), version.begin(), version.end());
  ASSERT_NE(at, second.end());
  at[4] = 1;
  EXPECT_THAT(Why(second), HasSubstr("version 3"));
  forgery = GoodDevice();
  std::swap(forgery.validity.not_before, forgery.validity.not_after);
  EXPECT_THAT(Why(Forge(forgery)), HasSubstr("before it begins"));
  for (const char* serial :
       {"00", "-01", "0123456789abcdef0123456789abcdef0123456789"}) {
    forgery = GoodDevice();
    forgery.serial_hex = serial;
    EXPECT_THAT(Why(Forge(forgery)), HasSubstr("serial")) << serial;
  }
}

TEST(CertificateTest, TrailingBytesTruncationAndOversizeAreRefused) {
  platform::Bytes der = Forge(GoodDevice());
  const std::span<const uint8_t> whole = der;
  for (size_t n = 0; n < whole.size(); ++n) {
    EXPECT_EQ(Certificate::ParseDer(whole.first(n)).status().code(), kInvalid);
  }
  der.push_back(0);
  EXPECT_THAT(Why(der), HasSubstr("DER"));
  der.resize(kMaxCertificateBytes + 1);
  EXPECT_THAT(Why(der), HasSubstr("too large"));
}

TEST(CertificateTest, TheRootIsNoLeafAndALeafIsNoRoot) {
  EXPECT_FALSE(Certificate::ParseDer(TestAuthority().certificate().der()).ok());
  EXPECT_FALSE(CaCertificate::ParseDer(Forge(GoodDevice())).ok());
}

TEST(CertificateTest, FailureLeavesTheErrorQueueEmpty) {
  EXPECT_FALSE(Certificate::ParseDer(platform::Bytes(40, 0x30)).ok());
  EXPECT_FALSE(Certificate::ParsePem("-----BEGIN CERTIFICATE-----\n").ok());
  EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST(CaCertificateTest, PemRoundTrips) {
  const CaCertificate& root = TestAuthority().certificate();
  const auto parsed = CaCertificate::ParsePem(root.ToPem());
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->der(), root.der());
  EXPECT_EQ(parsed->chapter_id(), kChapter);
  EXPECT_EQ(parsed->public_key(), TestAuthorityKey().public_key());
}

Forgery GoodRoot() {
  Forgery out;
  out.subject = TestAuthorityKey().openssl();
  out.subject_name = out.issuer_name;
  out.extensions = {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                    {NID_key_usage, "critical,keyCertSign,cRLSign"},
                    {NID_subject_key_identifier, "hash"}};
  return out;
}

std::string WhyNoRoot(const Forgery& forgery) {
  const auto parsed = CaCertificate::ParseDer(Forge(forgery));
  EXPECT_EQ(parsed.status().code(), kInvalid);
  return std::string(parsed.status().message());
}

TEST(CaCertificateTest, AGoodRootMadeElsewhereParses) {
  const auto parsed = CaCertificate::ParseDer(Forge(GoodRoot()));
  EXPECT_TRUE(parsed.ok()) << parsed.status();
}

TEST(CaCertificateTest, OtherProfilesAreRefused) {
  for (const auto& [nid, text, why] :
       std::initializer_list<std::tuple<int, const char*, const char*>>{
           {NID_basic_constraints, "critical,CA:FALSE", "no authority"},
           {NID_basic_constraints, "critical,CA:TRUE", "path length"},
           {NID_basic_constraints, "critical,CA:TRUE,pathlen:1", "path length"},
           {NID_key_usage, "critical,keyCertSign", "key usage"},
           {NID_key_usage, "critical,keyCertSign,cRLSign,digitalSignature",
            "key usage"},
           {NID_subject_alt_name, "DNS:example.org", "extensions"}}) {
    Forgery forgery = GoodRoot();
    forgery.extensions[nid] = text;
    EXPECT_THAT(WhyNoRoot(forgery), HasSubstr(why)) << text;
  }
}

TEST(CaCertificateTest, OtherNamesAreRefused) {
  for (const std::string& name :
       {std::string("Sodality CA"), "Sodality CA " + kChapter + "a",
        "sodality ca " + kChapter, std::string("Another CA")}) {
    Forgery forgery = GoodRoot();
    forgery.subject_name = forgery.issuer_name = name;
    EXPECT_THAT(WhyNoRoot(forgery), HasSubstr("its name")) << name;
  }
  Forgery forgery = GoodRoot();
  forgery.subject_name = "Sodality CA " + kOtherChapter;
  EXPECT_THAT(WhyNoRoot(forgery), HasSubstr("self-issued"));
}

TEST(CaCertificateTest, SignatureOfAnotherKeyIsRefused) {
  const PrivateKey other = NewKey();
  Forgery forgery = GoodRoot();
  forgery.issuer = &other;
  EXPECT_THAT(WhyNoRoot(forgery), HasSubstr("self-signature"));
}

TEST(CaCertificateTest, EveryFlippedBitIsRefused) {
  const platform::Bytes& der = TestAuthority().certificate().der();
  for (size_t i = 0; i < der.size(); ++i) {
    EXPECT_FALSE(CaCertificate::ParseDer(Flipped(der, i)).ok()) << "byte " << i;
  }
}

TEST(ValidityTest, RenewalIsDueAtTwoThirds) {
  const Validity validity{{0}, {90'000}};
  EXPECT_EQ(RenewalDue(validity), platform::Timestamp{60'000});
}

}  // namespace
}  // namespace sodality::pki
