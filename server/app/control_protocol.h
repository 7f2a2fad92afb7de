// What goes over the local socket <data>/unseal.sock: one request and one
// answer a connection. A request is a byte (ControlKind), the payload's length
// as 4 bytes big-endian, the payload; an answer is a byte (the exit code of
// the command that asked) and a text of the same form.
#ifndef SODALITY_SERVER_APP_CONTROL_PROTOCOL_H_
#define SODALITY_SERVER_APP_CONTROL_PROTOCOL_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/secret.h"
#include "server/app/exit_code.h"

namespace sodality::app {

inline constexpr size_t kMaxControlBytes = 4096;

// What unsealing an unsealed server answers.
inline constexpr char kAlreadyUnsealed[] =
    "already unsealed: the key was not tried";

// How many shares a sealed server has, and how many it takes.
struct ShareProgress {
  uint32_t shares = 0;
  uint32_t threshold = 0;
};
// "2 of 3 shares": what a share answers while others are missing, and the
// second line of a status.
std::string FormatProgress(const ShareProgress& progress);
std::optional<ShareProgress> ParseProgress(std::string_view text);

enum class ControlKind : uint8_t {
  kStatus = 1,            // No payload; answers "sealed" or "unsealed".
  kUnsealKeyFile = 2,     // The text of a key file.
  kUnsealPassphrase = 3,  // The passphrase.
  kSeal = 4,              // No payload.
  kUnsealShare = 6,       // The text of a share. 5 was never any.
};

struct ControlRequest {
  ControlKind kind = ControlKind::kStatus;
  crypto::SecretBytes payload;
};

// On a connected socket; each waits at most as long as the socket's own
// timeouts say. INVALID_ARGUMENT when what comes is no request or answer;
// UNAVAILABLE when the peer is gone or too slow.
absl::Status SendRequest(int socket, const ControlRequest& request);
absl::StatusOr<ControlRequest> ReceiveRequest(int socket);
absl::Status SendAnswer(int socket, const Outcome& answer);
absl::StatusOr<Outcome> ReceiveAnswer(int socket);

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_CONTROL_PROTOCOL_H_
