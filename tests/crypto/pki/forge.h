// Certificates that our authority would never issue, made with OpenSSL's own
// extension language: independent of the code under test.
#ifndef SODALITY_TESTS_CRYPTO_PKI_FORGE_H_
#define SODALITY_TESTS_CRYPTO_PKI_FORGE_H_

#include <openssl/obj_mac.h>

#include <map>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "crypto/pki/authority.h"
#include "crypto/pki/certificate.h"
#include "crypto/pki/key.h"
#include "crypto/pki/openssl_ptr.h"
#include "crypto/secret.h"
#include "platform/clock.h"
#include "platform/file.h"

namespace sodality::pki {

inline const std::string kChapter = "abcdefghijklmnopqrstuvwxyz";
inline const std::string kOtherChapter = "bbbbbbbbbbbbbbbbbbbbbbbbbb";
inline const std::string kDeviceId = "k7q2k7q2k7q2k7q2k7q2k7q2k7";
inline constexpr platform::Timestamp kNow{1'790'000'000'000};

// Issued once for the whole test program.
const CertificateAuthority& TestAuthority();
const PrivateKey& TestAuthorityKey();
// A key made anew.
PrivateKey NewKey();

struct Forgery {
  const EVP_PKEY* subject = nullptr;   // A P-256 key when null.
  const PrivateKey* issuer = nullptr;  // TestAuthority()'s when null.
  std::string issuer_name = "Sodality CA " + kChapter;
  std::string subject_name = "sodality device";
  std::map<int, std::string> extensions;  // NID to OpenSSL's notation.
  Validity validity{kNow, kNow + std::chrono::hours(1)};
  std::string digest = "SHA256";
  std::string serial_hex = "0123456789abcdef0123456789abcdef";
};

// Of the right profile, so that a test changes one thing.
Forgery GoodDevice();
Forgery GoodServer();

platform::Bytes Forge(const Forgery& forgery);

// Flips one bit of byte `at`.
platform::Bytes Flipped(platform::Bytes bytes, size_t at);
// Replaces the only occurrence of `from` by `to` of the same length.
platform::Bytes Patched(const platform::Bytes& bytes, std::string_view from,
                        std::string_view to);

OpensslPtr<EVP_PKEY> ForeignKey(const std::string& group_or_rsa);

}  // namespace sodality::pki

#endif  // SODALITY_TESTS_CRYPTO_PKI_FORGE_H_
