#include "crypto/pki/key.h"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "crypto/pki/csr.h"
#include "crypto/sha256.h"
#include "tests/crypto/pki/forge.h"

namespace sodality::pki {
namespace {

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

std::string TextOf(const crypto::SecretBuffer& secret) {
  return std::string(
      crypto::AsText(secret.Expose(crypto::AllowSecretAccess())));
}

crypto::SecretBuffer SecretOf(const std::string& text) {
  return crypto::SecretBuffer::CopyOf(crypto::AsBytes(text));
}

std::string PemOf(EVP_PKEY* key, const EVP_CIPHER* cipher) {
  const OpensslPtr<BIO> bio(BIO_new(BIO_s_mem()));
  char passphrase[] = "horse";
  PEM_write_bio_PKCS8PrivateKey(bio.get(), key, cipher, passphrase,
                                cipher != nullptr ? 5 : 0, nullptr, nullptr);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<size_t>(size));
}

platform::Bytes SpkiOf(const EVP_PKEY* key) {
  uint8_t* raw = nullptr;
  const int size = i2d_PUBKEY(key, &raw);
  platform::Bytes out(raw, raw + size);
  OPENSSL_free(raw);
  return out;
}

TEST(PrivateKeyTest, TwoKeysDiffer) {
  EXPECT_FALSE(NewKey().public_key() == NewKey().public_key());
}

TEST(PrivateKeyTest, DerAndPemRoundTrip) {
  const PrivateKey key = NewKey();
  const auto from_der = PrivateKey::FromPkcs8Der(key.ToPkcs8Der().value());
  ASSERT_TRUE(from_der.ok()) << from_der.status();
  EXPECT_EQ(from_der->public_key(), key.public_key());
  const auto from_pem = PrivateKey::FromPkcs8Pem(key.ToPkcs8Pem().value());
  ASSERT_TRUE(from_pem.ok()) << from_pem.status();
  EXPECT_EQ(from_pem->public_key(), key.public_key());
}

TEST(PrivateKeyTest, PemIsPkcs8) {
  const std::string pem = TextOf(NewKey().ToPkcs8Pem().value());
  EXPECT_TRUE(pem.starts_with("-----BEGIN PRIVATE KEY-----\n"));
  EXPECT_TRUE(pem.ends_with("-----END PRIVATE KEY-----\n"));
}

TEST(PrivateKeyTest, OtherKindsOfKeyAreRefused) {
  for (const char* kind : {"P-384", "P-521", "secp256k1", "RSA"}) {
    const auto key = ForeignKey(kind);
    ASSERT_NE(key, nullptr) << kind;
    const auto parsed =
        PrivateKey::FromPkcs8Pem(SecretOf(PemOf(key.get(), nullptr)));
    EXPECT_EQ(parsed.status().code(), kInvalid) << kind;
  }
}

TEST(PrivateKeyTest, EncryptedPemIsRefusedWithoutAPrompt) {
  const PrivateKey key = NewKey();
  const std::string pem = PemOf(key.openssl(), EVP_aes_256_cbc());
  ASSERT_TRUE(pem.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
  EXPECT_EQ(PrivateKey::FromPkcs8Pem(SecretOf(pem)).status().code(), kInvalid);
}

TEST(PrivateKeyTest, LegacyAndSurroundedPemIsRefused) {
  const std::string pem = TextOf(NewKey().ToPkcs8Pem().value());
  std::string headers = pem;
  headers.insert(28, "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n");
  for (const std::string& text :
       {" " + pem, pem + "x", pem + "\n", pem + pem, headers, std::string(),
        pem.substr(0, pem.size() / 2)}) {
    EXPECT_EQ(PrivateKey::FromPkcs8Pem(SecretOf(text)).status().code(),
              kInvalid);
  }
}

TEST(PrivateKeyTest, TrailingByteAfterDerIsRefused) {
  const auto der = NewKey().ToPkcs8Der().value();
  const auto view = der.Expose(crypto::AllowSecretAccess());
  platform::Bytes longer(view.begin(), view.end());
  longer.push_back(0);
  EXPECT_EQ(PrivateKey::FromPkcs8Der(crypto::SecretBuffer::CopyOf(longer))
                .status()
                .code(),
            kInvalid);
}

// Either the flip is refused, or it changed nothing that counts: what the
// private half signs, the public one that lies beside it verifies.
TEST(PrivateKeyTest, NoFlippedBitGivesHalvesThatDoNotMatch) {
  const auto der = NewKey().ToPkcs8Der().value();
  const auto view = der.Expose(crypto::AllowSecretAccess());
  for (size_t i = 0; i < view.size(); ++i) {
    const auto parsed = PrivateKey::FromPkcs8Der(crypto::SecretBuffer::CopyOf(
        Flipped(platform::Bytes(view.begin(), view.end()), i)));
    if (!parsed.ok()) {
      EXPECT_EQ(parsed.status().message(),
                "not an unencrypted P-256 private key");
    } else {
      const auto signed_by_it = CertificateRequest::Create(*parsed).value();
      EXPECT_TRUE(CertificateRequest::ParseDer(signed_by_it.der()).ok())
          << "byte " << i;
    }
  }
}

TEST(PrivateKeyTest, FailureLeavesTheErrorQueueEmpty) {
  EXPECT_FALSE(PrivateKey::FromPkcs8Pem(SecretOf("nonsense")).ok());
  EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST(PublicKeyTest, SpkiRoundTripsAndIsHashed) {
  const PublicKey key = NewKey().public_key();
  const auto parsed = PublicKey::FromSpkiDer(key.spki_der());
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(*parsed, key);
  EXPECT_EQ(key.spki_hash().bytes, crypto::Sha256(key.spki_der()));
}

TEST(PublicKeyTest, PointOffTheCurveIsRefused) {
  const PublicKey key = NewKey().public_key();
  EXPECT_EQ(PublicKey::FromSpkiDer(Flipped(key.spki_der(), 90)).status().code(),
            kInvalid);
}

TEST(PublicKeyTest, OtherEncodingsOfTheSameKeyAreRefused) {
  const PrivateKey key = NewKey();
  ASSERT_EQ(EVP_PKEY_set_utf8_string_param(key.openssl(), "point-format",
                                           "compressed"),
            1);
  const platform::Bytes compressed = SpkiOf(key.openssl());
  ASSERT_LT(compressed.size(), key.public_key().spki_der().size());
  EXPECT_EQ(PublicKey::FromSpkiDer(compressed).status().code(), kInvalid);
}

TEST(PublicKeyTest, OtherKindsOfKeyAreRefused) {
  for (const char* kind : {"P-384", "secp256k1", "RSA"}) {
    const auto key = ForeignKey(kind);
    EXPECT_EQ(PublicKey::FromOpenssl(key.get()).status().code(), kInvalid);
    EXPECT_EQ(PublicKey::FromSpkiDer(SpkiOf(key.get())).status().code(),
              kInvalid);
  }
  EXPECT_EQ(PublicKey::FromOpenssl(nullptr).status().code(), kInvalid);
}

}  // namespace
}  // namespace sodality::pki
