#include <openssl/x509.h>

#include <utility>

#include "absl/status/status.h"
#include "crypto/pki/certificate.h"
#include "crypto/pki/extensions.h"
#include "crypto/pki/x509_codec.h"

namespace sodality::pki {

CaCertificate::CaCertificate(platform::Bytes der, PublicKey public_key)
    : der_(std::move(der)), public_key_(std::move(public_key)) {}

absl::StatusOr<CaCertificate> CaCertificate::ParseDer(
    std::span<const uint8_t> der) {
  const ErrorQueueScope errors;
  const auto x509 = DecodeX509(der);
  if (!x509.ok()) return x509.status();
  auto key = PublicKey::FromOpenssl(X509_get0_pubkey(x509->get()));
  if (!key.ok()) return key.status();
  if (auto s = CheckCaExtensions(**x509); !s.ok()) return s;
  auto chapter_id = ChapterOfCa(**x509);
  if (!chapter_id.ok()) return chapter_id.status();
  const auto validity = ValidityOf(**x509);
  if (!validity.ok()) return validity.status();
  if (X509_verify(x509->get(), key->ToOpenssl().get()) != 1) {
    return absl::InvalidArgumentError(
        "certificate refused: its self-signature does not verify");
  }

  CaCertificate out(platform::Bytes(der.begin(), der.end()), *std::move(key));
  out.chapter_id_ = *std::move(chapter_id);
  out.validity_ = *validity;
  return out;
}

absl::StatusOr<CaCertificate> CaCertificate::ParsePem(std::string_view pem) {
  const ErrorQueueScope errors;
  const auto der = CertificatePemToDer(pem);
  if (!der.ok()) return der.status();
  return ParseDer(*der);
}

std::string CaCertificate::ToPem() const { return CertificateDerToPem(der_); }

}  // namespace sodality::pki
