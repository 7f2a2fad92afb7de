#include "crypto/pki/invite_file.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "crypto/pki/invite_lines.h"
#include "crypto/pki/plain_text.h"
#include "crypto/pki/verify.h"

namespace sodality::pki {
namespace {

constexpr size_t kMaxNameBytes = 200;
constexpr size_t kMaxRoleBytes = 32;
constexpr size_t kMaxHostBytes = 253;

using FieldValues = std::array<std::string, kInviteFieldCount>;

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsHost(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) {
    in6_addr ignored{};
    const std::string inner(host.substr(1, host.size() - 2));
    return inner.find('\0') == std::string::npos &&
           inet_pton(AF_INET6, inner.c_str(), &ignored) == 1;
  }
  return !host.empty() && host.size() <= kMaxHostBytes &&
         std::all_of(host.begin(), host.end(), [](char c) {
           return IsLower(c) || IsUpper(c) || IsDigit(c) || c == '.' ||
                  c == '-';
         });
}

bool IsPort(std::string_view port) {
  uint32_t number = 0;
  if (port.size() > 1 && port.front() == '0') return false;
  return !port.empty() && std::all_of(port.begin(), port.end(), IsDigit) &&
         absl::SimpleAtoi(absl::string_view(port.data(), port.size()),
                          &number) &&
         number <= 65535;
}

bool IsRole(std::string_view role) {
  return !role.empty() && role.size() <= kMaxRoleBytes &&
         std::all_of(role.begin(), role.end(), [](char c) {
           return IsLower(c) || IsDigit(c) || c == '-' || c == '_';
         });
}

FieldValues ValuesOf(const Invite& invite) {
  FieldValues out;
  out[kInviteAddress] = invite.address;
  out[kInviteChapter] = invite.chapter_id();
  out[kInviteServerName] = invite.server_name();
  out[kInviteName] = invite.name;
  out[kInviteRole] = invite.role;
  out[kInviteExpires] = platform::FormatTimestamp(invite.expires());
  out[kInviteCaKey] = ToHex(invite.authority.public_key().spki_hash().bytes);
  return out;
}

absl::Status CheckShown(const Invite& invite) {
  if (auto s = CheckAddress(invite.address); !s.ok()) {
    return InviteLineError(LineOf(kInviteAddress), std::string(s.message()));
  }
  if (invite.name.empty() || invite.name.size() > kMaxNameBytes ||
      !IsPlainText(invite.name)) {
    return InviteLineError(LineOf(kInviteName),
                           "name is not 1 to 200 bytes of printable UTF-8");
  }
  if (!IsRole(invite.role)) {
    return InviteLineError(LineOf(kInviteRole), "not the name of a role");
  }
  return absl::OkStatus();
}

absl::Status CheckBelongTogether(const Invite& invite) {
  // Whether the invite has ended is not asked here, so it is judged at its
  // first second.
  if (JudgeCertificate(invite.authority, invite.certificate,
                       CertificateKind::kInvite,
                       invite.certificate.validity().not_before) !=
      CertificateVerdict::kValid) {
    return absl::InvalidArgumentError(
        "the invite's certificate is not an invite of its authority");
  }
  if (invite.key.public_key() != invite.certificate.public_key()) {
    return absl::InvalidArgumentError(
        "the invite's key does not belong to its certificate");
  }
  return absl::OkStatus();
}

absl::StatusOr<Invite> BuildInvite(const InviteLines& lines) {
  auto authority = CaCertificate::ParsePem(lines.authority.pem);
  if (!authority.ok()) {
    return InviteLineError(lines.authority.line,
                           std::string(authority.status().message()));
  }
  auto certificate = Certificate::ParsePem(lines.certificate.pem);
  if (!certificate.ok()) {
    return InviteLineError(lines.certificate.line,
                           std::string(certificate.status().message()));
  }
  auto key = PrivateKey::FromPkcs8Pem(
      crypto::SecretBuffer::CopyOf(crypto::AsBytes(lines.key.pem)));
  if (!key.ok()) {
    return InviteLineError(lines.key.line, std::string(key.status().message()));
  }
  return Invite{std::string(lines.fields[kInviteAddress]),
                std::string(lines.fields[kInviteName]),
                std::string(lines.fields[kInviteRole]),
                *std::move(authority),
                *std::move(certificate),
                *std::move(key)};
}

}  // namespace

absl::Status CheckAddress(std::string_view address) {
  const size_t colon = address.rfind(':');
  if (colon == std::string_view::npos || !IsHost(address.substr(0, colon)) ||
      !IsPort(address.substr(colon + 1))) {
    return absl::InvalidArgumentError("address is not HOST:PORT");
  }
  return absl::OkStatus();
}

absl::StatusOr<crypto::SecretBytes> SerializeInvite(const Invite& invite) {
  if (auto s = CheckShown(invite); !s.ok()) return s;
  if (auto s = CheckBelongTogether(invite); !s.ok()) return s;
  const auto key = invite.key.ToPkcs8Pem();
  if (!key.ok()) return key.status();

  std::string text;
  text.reserve(kMaxInviteBytes);  // Growing would leave unwiped copies behind.
  absl::StrAppend(&text, std::string(kInviteFirstLine), "\n");
  const FieldValues values = ValuesOf(invite);
  for (size_t i = 0; i < kInviteFieldCount; ++i) {
    absl::StrAppend(&text, std::string(kInviteFieldNames[i]), ": ", values[i],
                    "\n");
  }
  absl::StrAppend(&text, invite.authority.ToPem(), invite.certificate.ToPem());
  text += crypto::AsText(key->Expose(crypto::AllowSecretAccess()));
  text += ChecksumLine(text);
  return crypto::SecretBytes::FromString(std::move(text));
}

absl::StatusOr<Invite> ParseInvite(const crypto::SecretBytes& text) {
  if (text.size() > kMaxInviteBytes) {
    return absl::InvalidArgumentError("an invite has at most 16 KiB");
  }
  const auto lines =
      SplitInvite(crypto::AsText(text.Expose(crypto::AllowSecretAccess())));
  if (!lines.ok()) return lines.status();
  auto invite = BuildInvite(*lines);
  if (!invite.ok()) return invite.status();
  if (auto s = CheckShown(*invite); !s.ok()) return s;
  if (auto s = CheckBelongTogether(*invite); !s.ok()) return s;
  // The lines are for people to read; the certificates decide.
  const FieldValues values = ValuesOf(*invite);
  for (size_t i = 0; i < kInviteFieldCount; ++i) {
    if (lines->fields[i] != values[i]) {
      return InviteLineError(LineOf(static_cast<InviteField>(i)),
                             "does not agree with the certificates");
    }
  }
  return invite;
}

}  // namespace sodality::pki
