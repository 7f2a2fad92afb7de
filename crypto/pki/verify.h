// Did this chapter's authority issue this certificate, and does it hold now?
// Revocation is not decided here: the server asks its tables by fingerprint.
#ifndef SODALITY_CRYPTO_PKI_VERIFY_H_
#define SODALITY_CRYPTO_PKI_VERIFY_H_

#include <string_view>

#include "absl/status/status.h"
#include "crypto/pki/certificate.h"
#include "platform/clock.h"

namespace sodality::pki {

// For the caller's records; a peer is never told which.
enum class CertificateVerdict {
  kValid,
  kOtherChapter,
  kWrongKind,
  kNotYetValid,
  kExpired,
  kNotIssuedHere,  // the chain or its signature does not verify
};

// A fixed phrase, fit for a log.
std::string_view VerdictName(CertificateVerdict verdict);

[[nodiscard]] CertificateVerdict JudgeCertificate(
    const CaCertificate& authority, const Certificate& certificate,
    CertificateKind expected, platform::Timestamp now);

// The same as a status: UNAUTHENTICATED with one message for every verdict but
// kValid.
[[nodiscard]] absl::Status VerifyIssued(const CaCertificate& authority,
                                        const Certificate& certificate,
                                        CertificateKind expected,
                                        platform::Timestamp now);

}  // namespace sodality::pki

#endif  // SODALITY_CRYPTO_PKI_VERIFY_H_
