#include "crypto/pki/verify.h"

#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "crypto/pki/x509_codec.h"

namespace sodality::pki {
namespace {

OpensslPtr<X509_STORE> StoreOf(const CaCertificate& authority) {
  OpensslPtr<X509_STORE> store(X509_STORE_new());
  const auto root = DecodeX509(authority.der());
  if (store == nullptr || !root.ok() ||
      X509_STORE_add_cert(store.get(), root->get()) != 1) {
    return nullptr;
  }
  return store;
}

int PurposeOf(CertificateKind kind) {
  return kind == CertificateKind::kServer ? X509_PURPOSE_SSL_SERVER
                                          : X509_PURPOSE_SSL_CLIENT;
}

CertificateVerdict VerdictOf(int error) {
  switch (error) {
    case X509_V_OK:
      return CertificateVerdict::kValid;
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return CertificateVerdict::kExpired;
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return CertificateVerdict::kNotYetValid;
    default:
      return CertificateVerdict::kNotIssuedHere;
  }
}

CertificateVerdict JudgeChain(const CaCertificate& authority,
                              const Certificate& certificate,
                              platform::Timestamp now) {
  const ErrorQueueScope errors;
  const auto leaf = DecodeX509(certificate.der());
  const auto store = StoreOf(authority);
  const OpensslPtr<X509_STORE_CTX> context(X509_STORE_CTX_new());
  if (!leaf.ok() || store == nullptr || context == nullptr ||
      X509_STORE_CTX_init(context.get(), store.get(), leaf->get(), nullptr) !=
          1 ||
      X509_STORE_CTX_set_purpose(context.get(),
                                 PurposeOf(certificate.identity().kind)) != 1) {
    return CertificateVerdict::kNotIssuedHere;
  }
  X509_STORE_CTX_set_time(context.get(), 0, now.millis / 1000);
  X509_STORE_CTX_set_flags(context.get(), X509_V_FLAG_X509_STRICT);
  if (X509_verify_cert(context.get()) == 1) return CertificateVerdict::kValid;
  const auto verdict = VerdictOf(X509_STORE_CTX_get_error(context.get()));
  // A verification that failed is never valid, whatever the error says.
  return verdict == CertificateVerdict::kValid
             ? CertificateVerdict::kNotIssuedHere
             : verdict;
}

}  // namespace

std::string_view VerdictName(CertificateVerdict verdict) {
  switch (verdict) {
    case CertificateVerdict::kValid:
      return "valid";
    case CertificateVerdict::kOtherChapter:
      return "of another chapter";
    case CertificateVerdict::kWrongKind:
      return "of another kind";
    case CertificateVerdict::kNotYetValid:
      return "not yet valid";
    case CertificateVerdict::kExpired:
      return "expired";
    case CertificateVerdict::kNotIssuedHere:
      return "not issued by this authority";
  }
  return "";
}

CertificateVerdict JudgeCertificate(const CaCertificate& authority,
                                    const Certificate& certificate,
                                    CertificateKind expected,
                                    platform::Timestamp now) {
  const Identity& identity = certificate.identity();
  if (identity.chapter_id != authority.chapter_id()) {
    return CertificateVerdict::kOtherChapter;
  }
  if (identity.kind != expected) return CertificateVerdict::kWrongKind;
  return JudgeChain(authority, certificate, now);
}

absl::Status VerifyIssued(const CaCertificate& authority,
                          const Certificate& certificate,
                          CertificateKind expected, platform::Timestamp now) {
  if (JudgeCertificate(authority, certificate, expected, now) ==
      CertificateVerdict::kValid) {
    return absl::OkStatus();
  }
  return absl::UnauthenticatedError("the certificate is not accepted");
}

}  // namespace sodality::pki
