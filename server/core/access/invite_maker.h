// An invite's row and its file, made together.
#ifndef SODALITY_SERVER_CORE_ACCESS_INVITE_MAKER_H_
#define SODALITY_SERVER_CORE_ACCESS_INVITE_MAKER_H_

#include <chrono>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/secret.h"
#include "server/core/access/access_control.h"
#include "server/core/access/types.h"

namespace sodality::core {

struct MadeInvite {
  Invite row;
  InviteOutput output;
};

// 1 to 128 bytes of UTF-8 without control characters, and not 26 base32
// characters (that would read as an id). INVALID_ARGUMENT kInvalidValue.
absl::Status CheckPrincipalName(std::string_view name);

// `ttl` 0 means a day. INVALID_ARGUMENT kInvalidValue over 7 days.
absl::StatusOr<MadeInvite> MakeInvite(const AccessParts& parts,
                                      const Principal& principal,
                                      std::chrono::seconds ttl);

// For the request log: the same answer again to a repeated request.
crypto::SecretBytes EncodeInviteOutput(const InviteOutput& output);
absl::StatusOr<InviteOutput> DecodeInviteOutput(
    const crypto::SecretBytes& bytes);

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_ACCESS_INVITE_MAKER_H_
