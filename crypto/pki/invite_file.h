// The invite: one small text file that lets its bearer enrol one device, once.
// Byte format: docs/formats-pki.md; why it carries the whole root:
// docs/adr/0006-pki.md.
#ifndef SODALITY_CRYPTO_PKI_INVITE_FILE_H_
#define SODALITY_CRYPTO_PKI_INVITE_FILE_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/pki/certificate.h"
#include "crypto/pki/key.h"
#include "crypto/secret.h"

namespace sodality::pki {

inline constexpr size_t kMaxInviteBytes = 16 * 1024;

// Move-only. Secrets: `key` is a bearer secret until the invite is redeemed.
struct Invite {
  std::string address;  // "host:port", "[v6]:port"
  std::string name;     // whom it is for, to show: UTF-8, at most 200 bytes
  std::string role;     // to show: [a-z0-9_-], at most 32 bytes
  CaCertificate authority;
  Certificate certificate;
  PrivateKey key;

  // All from the certificates: there is no second copy to disagree with.
  const std::string& chapter_id() const { return authority.chapter_id(); }
  std::string server_name() const { return ServerName(chapter_id()); }
  platform::Timestamp expires() const {
    return certificate.validity().not_after;
  }
};

// INVALID_ARGUMENT naming the part when `invite` could not be read back: a bad
// address, name or role, certificate of another kind or authority, another key.
absl::StatusOr<crypto::SecretBytes> SerializeInvite(const Invite& invite);

// Does not look at the clock: the caller compares `expires()`.
// INVALID_ARGUMENT, naming the line and what is wrong there, never repeating
// it: too large, no invite, an invite of a newer version, damaged (checksum),
// or parts that do not belong together.
absl::StatusOr<Invite> ParseInvite(const crypto::SecretBytes& text);

// INVALID_ARGUMENT unless "host:port" with a host name, IPv4 address or
// bracketed IPv6 address and a port of 0..65535 without leading zeros. Port 0
// stands for one that is not known yet: the bearer is told it.
[[nodiscard]] absl::Status CheckAddress(std::string_view address);

}  // namespace sodality::pki

#endif  // SODALITY_CRYPTO_PKI_INVITE_FILE_H_
