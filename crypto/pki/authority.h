// The chapter's certificate authority. Its key lies in the keyring and exists
// here only while the server is unsealed. Read next: verify.h.
#ifndef SODALITY_CRYPTO_PKI_AUTHORITY_H_
#define SODALITY_CRYPTO_PKI_AUTHORITY_H_

#include <chrono>
#include <string>

#include "absl/status/statusor.h"
#include "crypto/pki/certificate.h"
#include "crypto/pki/key.h"
#include "crypto/secret.h"
#include "platform/clock.h"

namespace sodality::pki {

inline constexpr std::chrono::hours kCaLife{24 * 3650};
inline constexpr std::chrono::hours kServerLife{24 * 365};
inline constexpr std::chrono::hours kDeviceLife{24 * 90};
inline constexpr std::chrono::hours kMaxInviteLife{24 * 30};
// A certificate holds from this long before its issue, for slow clocks.
inline constexpr std::chrono::minutes kClockSlack{5};

// Move-only. Thread safety: const use from several threads is safe.
// Secrets: the key, on guarded pages; of OpenSSL's while something is signed.
// Every Issue*: serial of 128 random bits; life cut to the authority's own;
// INVALID_ARGUMENT when `id` is no id (identity.h); FAILED_PRECONDITION when
// the authority's certificate is not in force at `now`; INTERNAL when OpenSSL
// fails. Not idempotent. Reading the key and signing: some 4 milliseconds.
class CertificateAuthority final {
 public:
  // A new key and root. INVALID_ARGUMENT when `chapter_id` is no id.
  static absl::StatusOr<CertificateAuthority> Create(
      const std::string& chapter_id, platform::Timestamp now);
  // FAILED_PRECONDITION when the certificate is not that key's.
  static absl::StatusOr<CertificateAuthority> Load(const PrivateKey& key,
                                                   CaCertificate certificate);

  const CaCertificate& certificate() const { return certificate_; }
  // PKCS #8, to be kept in the keyring.
  const crypto::SecretBuffer& key() const { return key_; }

  absl::StatusOr<Certificate> IssueServer(const PublicKey& subject,
                                          const std::string& id,
                                          platform::Timestamp now) const;
  absl::StatusOr<Certificate> IssueDevice(const PublicKey& subject,
                                          const std::string& id,
                                          platform::Timestamp now) const;
  // INVALID_ARGUMENT also when `life` is not within 1 second..kMaxInviteLife.
  absl::StatusOr<Certificate> IssueInvite(const PublicKey& subject,
                                          const std::string& id,
                                          platform::Timestamp now,
                                          std::chrono::seconds life) const;

 private:
  CertificateAuthority(crypto::SecretBuffer key, CaCertificate certificate);
  absl::StatusOr<Certificate> Issue(const PublicKey& subject,
                                    const Identity& identity,
                                    platform::Timestamp now,
                                    std::chrono::seconds life) const;

  crypto::SecretBuffer key_;
  CaCertificate certificate_;
};

}  // namespace sodality::pki

#endif  // SODALITY_CRYPTO_PKI_AUTHORITY_H_
