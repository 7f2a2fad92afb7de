#include "server/rpc/certificate_verifier.h"

#include "crypto/pki/verify.h"

namespace sodality::rpc {

bool AdmitsConnection(std::string_view pem, const pki::CaCertificate& authority,
                      const ChapterHolder& chapter, platform::Timestamp now) {
  const auto certificate = pki::Certificate::ParsePem(pem);
  if (!certificate.ok()) return false;
  const pki::CertificateKind kind = certificate->identity().kind;
  if (kind == pki::CertificateKind::kServer) return false;
  if (pki::JudgeCertificate(authority, *certificate, kind, now) !=
      pki::CertificateVerdict::kValid) {
    return false;
  }
  const auto unsealed = chapter.Get();
  return unsealed == nullptr ||
         unsealed->access().Admits(certificate->fingerprint().bytes, now);
}

}  // namespace sodality::rpc
