#include "crypto/pki/authority.h"

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "crypto/pki/extensions.h"
#include "crypto/pki/x509_codec.h"
#include "crypto/random.h"

namespace sodality::pki {
namespace {

struct IntegerFree {
  void operator()(BIGNUM* p) const { BN_free(p); }
  // Also ASN1_TIME, which is the same type.
  void operator()(ASN1_STRING* p) const { ASN1_STRING_free(p); }
};

bool SetRandomSerial(X509& certificate) {
  const crypto::Bytes16 random = crypto::RandomId(crypto::SystemRandom());
  const std::unique_ptr<BIGNUM, IntegerFree> number(
      BN_bin2bn(random.data(), static_cast<int>(random.size()), nullptr));
  const std::unique_ptr<ASN1_INTEGER, IntegerFree> serial(
      BN_to_ASN1_INTEGER(number.get(), nullptr));
  return serial != nullptr &&
         X509_set_serialNumber(&certificate, serial.get()) == 1;
}

bool SetName(X509_NAME* name, const std::string& common_name) {
  const auto* text = crypto::AsBytes(common_name).data();
  return X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8, text,
                                    static_cast<int>(common_name.size()), -1,
                                    0) == 1;
}

bool SetValidity(X509& certificate, const Validity& validity) {
  const std::unique_ptr<ASN1_TIME, IntegerFree> from(
      ASN1_TIME_set(nullptr, validity.not_before.millis / 1000));
  const std::unique_ptr<ASN1_TIME, IntegerFree> until(
      ASN1_TIME_set(nullptr, validity.not_after.millis / 1000));
  return from != nullptr && until != nullptr &&
         X509_set1_notBefore(&certificate, from.get()) == 1 &&
         X509_set1_notAfter(&certificate, until.get()) == 1;
}

// Everything but the extensions and the signature.
struct Draft {
  const PublicKey& subject;
  std::string subject_name;
  std::string issuer_name;
  Validity validity;
};

OpensslPtr<X509> Prepare(const Draft& draft) {
  OpensslPtr<X509> x509(X509_new());
  if (x509 == nullptr || X509_set_version(x509.get(), X509_VERSION_3) != 1 ||
      X509_set_pubkey(x509.get(), draft.subject.ToOpenssl().get()) != 1 ||
      !SetRandomSerial(*x509) || !SetValidity(*x509, draft.validity) ||
      !SetName(X509_get_subject_name(x509.get()), draft.subject_name) ||
      !SetName(X509_get_issuer_name(x509.get()), draft.issuer_name)) {
    return nullptr;
  }
  return x509;
}

bool Sign(X509& certificate, const PrivateKey& key) {
  return X509_sign(&certificate, key.openssl(), EVP_sha256()) > 0;
}

absl::Status CannotIssue() {
  return absl::InternalError("cannot issue a certificate");
}

absl::StatusOr<CaCertificate> SelfSign(const PrivateKey& key,
                                       const std::string& chapter_id,
                                       platform::Timestamp now) {
  const std::string name = CaName(chapter_id);
  const auto x509 = Prepare({.subject = key.public_key(),
                             .subject_name = name,
                             .issuer_name = name,
                             .validity = {now - kClockSlack, now + kCaLife}});
  if (x509 == nullptr || !AddCaExtensions(*x509, key.public_key()) ||
      !Sign(*x509, key)) {
    return CannotIssue();
  }
  return CaCertificate::ParseDer(EncodeX509(*x509));
}

}  // namespace

CertificateAuthority::CertificateAuthority(crypto::SecretBuffer key,
                                           CaCertificate certificate)
    : key_(std::move(key)), certificate_(std::move(certificate)) {}

absl::StatusOr<CertificateAuthority> CertificateAuthority::Create(
    const std::string& chapter_id, platform::Timestamp now) {
  const ErrorQueueScope errors;
  if (!IsId(chapter_id)) {
    return absl::InvalidArgumentError("not a chapter id");
  }
  auto key = PrivateKey::Generate();
  if (!key.ok()) return key.status();
  auto certificate = SelfSign(*key, chapter_id, now);
  if (!certificate.ok()) return certificate.status();
  return Load(*key, *std::move(certificate));
}

absl::StatusOr<CertificateAuthority> CertificateAuthority::Load(
    const PrivateKey& key, CaCertificate certificate) {
  if (key.public_key() != certificate.public_key()) {
    return absl::FailedPreconditionError(
        "the authority's certificate does not belong to its key");
  }
  auto kept = key.ToPkcs8Der();
  if (!kept.ok()) return kept.status();
  return CertificateAuthority(*std::move(kept), std::move(certificate));
}

absl::StatusOr<Certificate> CertificateAuthority::IssueServer(
    const PublicKey& subject, const std::string& id,
    platform::Timestamp now) const {
  return Issue(subject,
               {certificate_.chapter_id(), CertificateKind::kServer, id}, now,
               kServerLife);
}

absl::StatusOr<Certificate> CertificateAuthority::IssueDevice(
    const PublicKey& subject, const std::string& id,
    platform::Timestamp now) const {
  return Issue(subject,
               {certificate_.chapter_id(), CertificateKind::kDevice, id}, now,
               kDeviceLife);
}

absl::StatusOr<Certificate> CertificateAuthority::IssueInvite(
    const PublicKey& subject, const std::string& id, platform::Timestamp now,
    std::chrono::seconds life) const {
  if (life < std::chrono::seconds(1) || life > kMaxInviteLife) {
    return absl::InvalidArgumentError(
        "an invite holds for at least 1 second and at most 30 days");
  }
  return Issue(subject,
               {certificate_.chapter_id(), CertificateKind::kInvite, id}, now,
               life);
}

absl::StatusOr<Certificate> CertificateAuthority::Issue(
    const PublicKey& subject, const Identity& identity, platform::Timestamp now,
    std::chrono::seconds life) const {
  const ErrorQueueScope errors;
  if (!IsId(identity.id)) return absl::InvalidArgumentError("not an id");
  const Validity& own = certificate_.validity();
  if (now < own.not_before || now >= own.not_after) {
    return absl::FailedPreconditionError(
        "the authority's certificate is not in force at this time");
  }
  const auto key = PrivateKey::FromPkcs8Der(key_);
  if (!key.ok()) return key.status();
  const auto x509 = Prepare(
      {.subject = subject,
       // The kind alone: nobody shall take a common name for an identity.
       .subject_name = "sodality " + std::string(KindName(identity.kind)),
       .issuer_name = CaName(identity.chapter_id),
       .validity = {std::max(now - kClockSlack, own.not_before),
                    std::min(now + life, own.not_after)}});
  if (x509 == nullptr ||
      !AddLeafExtensions(*x509, {.identity = identity,
                                 .subject = subject,
                                 .issuer = key->public_key()}) ||
      !Sign(*x509, *key)) {
    return CannotIssue();
  }
  return Certificate::ParseDer(EncodeX509(*x509));
}

}  // namespace sodality::pki
