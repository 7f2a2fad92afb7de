// Who a certificate speaks for: the one URI subject alternative name
// `sodality:<chapter>/<server|device|invite>/<id>`, and the one DNS name that
// clients verify. Grammar: docs/formats-pki.md. Read next: certificate.h.
#ifndef SODALITY_CRYPTO_PKI_IDENTITY_H_
#define SODALITY_CRYPTO_PKI_IDENTITY_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace sodality::pki {

enum class CertificateKind { kServer, kDevice, kInvite };

// "server", "device" or "invite".
std::string_view KindName(CertificateKind kind);

// Both ids are 26 lower-case base32 characters (128 random bits); this folder
// checks the alphabet and length and does not decode them.
struct Identity {
  std::string chapter_id;
  CertificateKind kind = CertificateKind::kDevice;
  std::string id;

  friend bool operator==(const Identity&, const Identity&) = default;
};

[[nodiscard]] bool IsId(std::string_view text);

std::string FormatIdentityUri(const Identity& identity);
// INVALID_ARGUMENT, saying which part is wrong and never repeating it.
absl::StatusOr<Identity> ParseIdentityUri(std::string_view uri);

// `<chapter>.sodality.internal`: what a client verifies whatever address it
// dialled. `.internal` is reserved for private use and resolves nowhere.
std::string ServerName(std::string_view chapter_id);

}  // namespace sodality::pki

#endif  // SODALITY_CRYPTO_PKI_IDENTITY_H_
