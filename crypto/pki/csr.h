// A request for a certificate (PKCS#10): a public key and the proof that its
// sender holds the private one. Nothing else in it counts. Read next:
// authority.h.
#ifndef SODALITY_CRYPTO_PKI_CSR_H_
#define SODALITY_CRYPTO_PKI_CSR_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "absl/status/statusor.h"
#include "crypto/pki/key.h"
#include "platform/file.h"

namespace sodality::pki {

// A value type; one that exists has had its self-signature checked.
class CertificateRequest final {
 public:
  static constexpr size_t kMaxBytes = 4096;

  static absl::StatusOr<CertificateRequest> Create(const PrivateKey& key);
  // INVALID_ARGUMENT: larger than kMaxBytes, not a request in DER, trailing
  // bytes, a key that is not P-256, or a self-signature that does not verify.
  // Subject and attributes are ignored.
  static absl::StatusOr<CertificateRequest> ParseDer(
      std::span<const uint8_t> der);

  const platform::Bytes& der() const { return der_; }
  const PublicKey& public_key() const { return public_key_; }

 private:
  CertificateRequest(platform::Bytes der, PublicKey public_key);

  platform::Bytes der_;
  PublicKey public_key_;
};

}  // namespace sodality::pki

#endif  // SODALITY_CRYPTO_PKI_CSR_H_
