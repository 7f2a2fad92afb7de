// The outer form of an invite: prefix, lines, blocks, checksum. What they mean
// is invite_file.cc's business. For this folder only.
#ifndef SODALITY_CRYPTO_PKI_INVITE_LINES_H_
#define SODALITY_CRYPTO_PKI_INVITE_LINES_H_

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace sodality::pki {

inline constexpr std::string_view kInvitePrefix = "sodality-invite-";
inline constexpr std::string_view kInviteFirstLine = "sodality-invite-1";

// In the file's order; the first stands on line 2.
enum InviteField : size_t {
  kInviteAddress,
  kInviteChapter,
  kInviteServerName,
  kInviteName,
  kInviteRole,
  kInviteExpires,
  kInviteCaKey,
  kInviteFieldCount,
};
inline constexpr std::array<std::string_view, kInviteFieldCount>
    kInviteFieldNames = {"address", "chapter", "server-name",  "name",
                         "role",    "expires", "ca-key-sha256"};
constexpr size_t LineOf(InviteField field) { return 2 + size_t{field}; }

// A PEM block, its last line feed included, and the line it begins on.
struct InviteBlock {
  std::string_view pem;
  size_t line = 0;
};

// Views into the text that was split.
struct InviteLines {
  std::array<std::string_view, kInviteFieldCount> fields;
  InviteBlock authority;
  InviteBlock certificate;
  InviteBlock key;
};

// Checks prefix, version, checksum and the order of lines. Errors as
// ParseInvite.
absl::StatusOr<InviteLines> SplitInvite(std::string_view text);

// The last line of an invite whose lines before it are `body`.
std::string ChecksumLine(std::string_view body);

absl::Status InviteLineError(size_t line, std::string_view what);

}  // namespace sodality::pki

#endif  // SODALITY_CRYPTO_PKI_INVITE_LINES_H_
