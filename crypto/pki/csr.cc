#include "crypto/pki/csr.h"

#include <openssl/x509.h>

#include <memory>
#include <utility>

#include "absl/status/status.h"

namespace sodality::pki {
namespace {

struct RequestFree {
  void operator()(X509_REQ* p) const { X509_REQ_free(p); }
  void operator()(uint8_t* p) const { OPENSSL_free(p); }
};
using RequestPtr = std::unique_ptr<X509_REQ, RequestFree>;

platform::Bytes Encode(const X509_REQ& request) {
  uint8_t* raw = nullptr;
  const int size = i2d_X509_REQ(&request, &raw);
  if (size <= 0) return {};
  const std::unique_ptr<uint8_t, RequestFree> owned(raw);
  return platform::Bytes(raw, raw + size);
}

absl::Status Refused(const char* why) {
  return absl::InvalidArgumentError(why);
}

}  // namespace

CertificateRequest::CertificateRequest(platform::Bytes der,
                                       PublicKey public_key)
    : der_(std::move(der)), public_key_(std::move(public_key)) {}

absl::StatusOr<CertificateRequest> CertificateRequest::Create(
    const PrivateKey& key) {
  const ErrorQueueScope errors;
  const RequestPtr request(X509_REQ_new());
  if (request == nullptr ||
      X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) != 1 ||
      X509_REQ_set_pubkey(request.get(), key.openssl()) != 1 ||
      X509_REQ_sign(request.get(), key.openssl(), EVP_sha256()) <= 0) {
    return absl::InternalError("cannot make a certificate request");
  }
  return CertificateRequest(Encode(*request), key.public_key());
}

absl::StatusOr<CertificateRequest> CertificateRequest::ParseDer(
    std::span<const uint8_t> der) {
  const ErrorQueueScope errors;
  if (der.empty() || der.size() > kMaxBytes) {
    return Refused("certificate request is empty or too large");
  }
  const uint8_t* next = der.data();
  const RequestPtr request(
      d2i_X509_REQ(nullptr, &next, static_cast<long>(der.size())));
  if (request == nullptr || next != der.data() + der.size()) {
    return Refused("not one certificate request in DER");
  }
  auto key = PublicKey::FromOpenssl(X509_REQ_get0_pubkey(request.get()));
  if (!key.ok()) return Refused("certificate request is not for a P-256 key");
  if (X509_REQ_get_signature_nid(request.get()) != NID_ecdsa_with_SHA256 ||
      X509_REQ_verify(request.get(), key->ToOpenssl().get()) != 1) {
    return Refused("certificate request is not signed by its own key");
  }
  return CertificateRequest(platform::Bytes(der.begin(), der.end()),
                            *std::move(key));
}

}  // namespace sodality::pki
