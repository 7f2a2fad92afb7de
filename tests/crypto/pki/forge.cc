#include "tests/crypto/pki/forge.h"

#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <utility>

#include "crypto/pki/x509_codec.h"

namespace sodality::pki {
namespace {

void SetCommonName(X509_NAME* name, const std::string& text) {
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                             crypto::AsBytes(text).data(),
                             static_cast<int>(text.size()), -1, 0);
}

void SetSerial(X509* x509, const std::string& hex) {
  BIGNUM* number = nullptr;
  BN_hex2bn(&number, hex.c_str());
  BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509));
  BN_free(number);
}

void SetExtension(X509* x509, X509* issuer, int nid, const std::string& text) {
  X509V3_CTX context{};
  X509V3_set_ctx(&context, issuer, x509, nullptr, nullptr, 0);
  X509_EXTENSION* extension =
      X509V3_EXT_nconf_nid(nullptr, &context, nid, text.c_str());
  ASSERT_NE(extension, nullptr) << text;
  X509_add_ext(x509, extension, -1);
  X509_EXTENSION_free(extension);
}

std::string UriName(const char* kind) {
  return "URI:sodality:" + kChapter + "/" + kind + "/" + kDeviceId;
}

Forgery Good(const std::string& names, const std::string& usage) {
  Forgery out;
  out.extensions = {{NID_basic_constraints, "critical,CA:FALSE"},
                    {NID_key_usage, "critical,digitalSignature"},
                    {NID_ext_key_usage, "critical," + usage},
                    {NID_subject_alt_name, names},
                    {NID_subject_key_identifier, "hash"},
                    {NID_authority_key_identifier, "keyid:always"}};
  return out;
}

}  // namespace

const CertificateAuthority& TestAuthority() {
  static const auto& authority = *new CertificateAuthority(
      CertificateAuthority::Create(kChapter, kNow).value());
  return authority;
}

const PrivateKey& TestAuthorityKey() {
  static const auto key = PrivateKey::FromPkcs8Der(TestAuthority().key());
  return *key;
}

PrivateKey NewKey() { return PrivateKey::Generate().value(); }

Forgery GoodDevice() { return Good(UriName("device"), "clientAuth"); }

Forgery GoodServer() {
  return Good(UriName("server") + ",DNS:" + kChapter + ".sodality.internal",
              "serverAuth");
}

platform::Bytes Forge(const Forgery& forgery) {
  const PrivateKey own = NewKey();
  const PrivateKey& issuer =
      forgery.issuer != nullptr ? *forgery.issuer : TestAuthorityKey();
  const auto root = DecodeX509(TestAuthority().certificate().der());
  OpensslPtr<X509> x509(X509_new());
  X509_set_version(x509.get(), X509_VERSION_3);
  SetSerial(x509.get(), forgery.serial_hex);
  ASN1_TIME_set(X509_getm_notBefore(x509.get()),
                forgery.validity.not_before.millis / 1000);
  ASN1_TIME_set(X509_getm_notAfter(x509.get()),
                forgery.validity.not_after.millis / 1000);
  SetCommonName(X509_get_subject_name(x509.get()), forgery.subject_name);
  SetCommonName(X509_get_issuer_name(x509.get()), forgery.issuer_name);
  X509_set_pubkey(x509.get(), forgery.subject != nullptr
                                  ? const_cast<EVP_PKEY*>(forgery.subject)
                                  : own.openssl());
  for (const auto& [nid, text] : forgery.extensions) {
    SetExtension(x509.get(), root->get(), nid, text);
  }
  EXPECT_GT(X509_sign(x509.get(), issuer.openssl(),
                      EVP_get_digestbyname(forgery.digest.c_str())),
            0);
  return EncodeX509(*x509);
}

platform::Bytes Flipped(platform::Bytes bytes, size_t at) {
  bytes[at] = static_cast<uint8_t>(bytes[at] ^ (1U << (at % 8)));
  return bytes;
}

platform::Bytes Patched(const platform::Bytes& bytes, std::string_view from,
                        std::string_view to) {
  EXPECT_EQ(from.size(), to.size());
  std::string text(crypto::AsText(bytes));
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos);
  text.replace(at, from.size(), to);
  return platform::Bytes(text.begin(), text.end());
}

OpensslPtr<EVP_PKEY> ForeignKey(const std::string& group_or_rsa) {
  return OpensslPtr<EVP_PKEY>(group_or_rsa == "RSA"
                                  ? EVP_RSA_gen(2048)
                                  : EVP_EC_gen(group_or_rsa.c_str()));
}

}  // namespace sodality::pki
