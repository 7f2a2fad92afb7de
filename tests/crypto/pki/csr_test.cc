#include "crypto/pki/csr.h"

#include <gtest/gtest.h>
#include <openssl/x509.h>

#include "tests/crypto/pki/forge.h"

namespace sodality::pki {
namespace {

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

// A request for `key`, signed by `signer`.
platform::Bytes ForgeRequest(EVP_PKEY* key, EVP_PKEY* signer,
                             const EVP_MD* digest) {
  X509_REQ* request = X509_REQ_new();
  X509_REQ_set_pubkey(request, key);
  EXPECT_GT(X509_REQ_sign(request, signer, digest), 0);
  uint8_t* raw = nullptr;
  const int size = i2d_X509_REQ(request, &raw);
  platform::Bytes out(raw, raw + size);
  OPENSSL_free(raw);
  X509_REQ_free(request);
  return out;
}

TEST(CertificateRequestTest, RoundTripKeepsTheKeyAlone) {
  const PrivateKey key = NewKey();
  const auto made = CertificateRequest::Create(key);
  ASSERT_TRUE(made.ok()) << made.status();
  const auto parsed = CertificateRequest::ParseDer(made->der());
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->public_key(), key.public_key());
}

TEST(CertificateRequestTest, EveryFlippedBitIsRefused) {
  const auto made = CertificateRequest::Create(NewKey()).value();
  for (size_t i = 0; i < made.der().size(); ++i) {
    EXPECT_FALSE(CertificateRequest::ParseDer(Flipped(made.der(), i)).ok())
        << "byte " << i;
  }
}

TEST(CertificateRequestTest, EveryTruncationIsRefused) {
  const auto made = CertificateRequest::Create(NewKey()).value();
  const std::span<const uint8_t> whole = made.der();
  for (size_t n = 0; n < whole.size(); ++n) {
    EXPECT_FALSE(CertificateRequest::ParseDer(whole.first(n)).ok());
  }
}

TEST(CertificateRequestTest, SignatureOfAnotherKeyIsRefused) {
  const PrivateKey key = NewKey();
  const PrivateKey thief = NewKey();
  const auto parsed = CertificateRequest::ParseDer(
      ForgeRequest(key.openssl(), thief.openssl(), EVP_sha256()));
  EXPECT_EQ(parsed.status().code(), kInvalid);
  EXPECT_EQ(parsed.status().message(),
            "certificate request is not signed by its own key");
}

TEST(CertificateRequestTest, OtherKeysThanP256AreRefused) {
  for (const char* kind : {"P-384", "secp256k1", "RSA"}) {
    const auto key = ForeignKey(kind);
    const auto parsed = CertificateRequest::ParseDer(
        ForgeRequest(key.get(), key.get(), EVP_sha256()));
    EXPECT_EQ(parsed.status().code(), kInvalid);
    EXPECT_EQ(parsed.status().message(),
              "certificate request is not for a P-256 key")
        << kind;
  }
}

TEST(CertificateRequestTest, WeakDigestIsRefused) {
  const PrivateKey key = NewKey();
  EXPECT_EQ(CertificateRequest::ParseDer(
                ForgeRequest(key.openssl(), key.openssl(), EVP_sha1()))
                .status()
                .code(),
            kInvalid);
}

TEST(CertificateRequestTest, TrailingBytesAndOversizeAreRefused) {
  platform::Bytes der = CertificateRequest::Create(NewKey()).value().der();
  der.push_back(0);
  EXPECT_EQ(CertificateRequest::ParseDer(der).status().code(), kInvalid);
  der.resize(CertificateRequest::kMaxBytes + 1);
  EXPECT_EQ(CertificateRequest::ParseDer(der).status().code(), kInvalid);
  EXPECT_EQ(CertificateRequest::ParseDer({}).status().code(), kInvalid);
}

}  // namespace
}  // namespace sodality::pki
