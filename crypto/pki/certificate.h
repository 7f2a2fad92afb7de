// Certificates as parsed, strict values. One that exists has the exact profile
// of docs/formats-pki.md; whether this chapter's authority issued it and
// whether it is in force is verify.h's business.
#ifndef SODALITY_CRYPTO_PKI_CERTIFICATE_H_
#define SODALITY_CRYPTO_PKI_CERTIFICATE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "crypto/pki/digest.h"
#include "crypto/pki/identity.h"
#include "crypto/pki/key.h"
#include "platform/clock.h"
#include "platform/file.h"

namespace sodality::pki {

inline constexpr size_t kMaxCertificateBytes = 4096;

// A certificate's life. `not_after` is the last second in which it holds.
struct Validity {
  platform::Timestamp not_before;
  platform::Timestamp not_after;
};

// A server's, device's or invite's certificate. A value type.
class Certificate final {
 public:
  // INVALID_ARGUMENT, naming the first rule broken: size, DER with nothing
  // after it, version 3, P-256, no authority, key usage, exactly one extended
  // key usage fitting the kind, exactly one URI name (an Identity), the DNS
  // name on a server's and only there, no unknown extension.
  static absl::StatusOr<Certificate> ParseDer(std::span<const uint8_t> der);
  // Exactly one CERTIFICATE block, else as ParseDer.
  static absl::StatusOr<Certificate> ParsePem(std::string_view pem);

  const platform::Bytes& der() const { return der_; }
  std::string ToPem() const;
  const Fingerprint& fingerprint() const { return fingerprint_; }
  // Lower-case hexadecimal.
  const std::string& serial() const { return serial_; }
  const Identity& identity() const { return identity_; }
  const Validity& validity() const { return validity_; }
  const PublicKey& public_key() const { return public_key_; }

 private:
  Certificate(platform::Bytes der, PublicKey public_key);

  platform::Bytes der_;
  PublicKey public_key_;
  Fingerprint fingerprint_;
  std::string serial_;
  Identity identity_;
  Validity validity_;
};

// The chapter's root: self-signed, path length 0, may sign certificates and
// nothing else. A value type.
class CaCertificate final {
 public:
  // INVALID_ARGUMENT as above; also when the self-signature does not verify.
  static absl::StatusOr<CaCertificate> ParseDer(std::span<const uint8_t> der);
  static absl::StatusOr<CaCertificate> ParsePem(std::string_view pem);

  const platform::Bytes& der() const { return der_; }
  std::string ToPem() const;
  const std::string& chapter_id() const { return chapter_id_; }
  const Validity& validity() const { return validity_; }
  const PublicKey& public_key() const { return public_key_; }

 private:
  CaCertificate(platform::Bytes der, PublicKey public_key);

  platform::Bytes der_;
  PublicKey public_key_;
  std::string chapter_id_;
  Validity validity_;
};

// When two thirds of its life are over: a client renews from here on.
platform::Timestamp RenewalDue(const Validity& validity);

}  // namespace sodality::pki

#endif  // SODALITY_CRYPTO_PKI_CERTIFICATE_H_
