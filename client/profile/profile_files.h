// The names in a profile folder, and the one question asked of a certificate
// found there. For this folder only.
#ifndef SODALITY_CLIENT_PROFILE_PROFILE_FILES_H_
#define SODALITY_CLIENT_PROFILE_PROFILE_FILES_H_

#include "crypto/pki/certificate.h"
#include "crypto/pki/verify.h"

namespace sodality {

inline constexpr char kInfoFile[] = "/profile.toml";
inline constexpr char kAuthorityFile[] = "/ca.pem";
inline constexpr char kCertificateFile[] = "/device.pem";
inline constexpr char kKeyFile[] = "/device.key";
inline constexpr char kApprovalKeyFile[] = "/approval.key";
inline constexpr char kInviteFile[] = "/invite";
inline constexpr char kRememberFile[] = "/remember";
inline constexpr char kRememberLock[] = "/remember.lock";

// Whether it holds today is another question, so it is judged at its first
// second.
[[nodiscard]] inline bool IsDeviceOf(const pki::CaCertificate& authority,
                                     const pki::Certificate& certificate) {
  return pki::JudgeCertificate(authority, certificate,
                               pki::CertificateKind::kDevice,
                               certificate.validity().not_before) ==
         pki::CertificateVerdict::kValid;
}

}  // namespace sodality

#endif  // SODALITY_CLIENT_PROFILE_PROFILE_FILES_H_
