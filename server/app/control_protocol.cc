#include "server/app/control_protocol.h"

#include <sys/socket.h>
#include <sys/types.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace sodality::app {
namespace {

constexpr size_t kHeaderBytes = 5;

absl::Status SendAll(int socket, std::span<const uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t sent =
        ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return absl::UnavailableError("the other side is gone");
    bytes = bytes.subspan(static_cast<size_t>(sent));
  }
  return absl::OkStatus();
}

absl::Status ReceiveAll(int socket, std::span<uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t got = ::recv(socket, bytes.data(), bytes.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return absl::UnavailableError("the other side is gone");
    bytes = bytes.subspan(static_cast<size_t>(got));
  }
  return absl::OkStatus();
}

struct Frame {
  uint8_t tag = 0;
  crypto::SecretBytes payload;
};

absl::Status SendFrame(int socket, uint8_t tag,
                       std::span<const uint8_t> payload) {
  if (payload.size() > kMaxControlBytes) {
    return absl::InvalidArgumentError("too long for the control socket");
  }
  const auto size = static_cast<uint32_t>(payload.size());
  const std::array<uint8_t, kHeaderBytes> header = {
      tag, static_cast<uint8_t>(size >> 24), static_cast<uint8_t>(size >> 16),
      static_cast<uint8_t>(size >> 8), static_cast<uint8_t>(size)};
  const absl::Status sent = SendAll(socket, header);
  if (!sent.ok()) return sent;
  return SendAll(socket, payload);
}

absl::StatusOr<Frame> ReceiveFrame(int socket) {
  std::array<uint8_t, kHeaderBytes> header{};
  absl::Status got = ReceiveAll(socket, header);
  if (!got.ok()) return got;
  const size_t size = size_t{header[1]} << 24 | size_t{header[2]} << 16 |
                      size_t{header[3]} << 8 | header[4];
  if (size > kMaxControlBytes) {
    return absl::InvalidArgumentError("not a frame of the control socket");
  }
  Frame frame{header[0], crypto::SecretBytes::OfSize(size)};
  got = ReceiveAll(socket,
                   frame.payload.ExposeMutable(crypto::AllowSecretAccess()));
  if (!got.ok()) return got;
  return frame;
}

[[nodiscard]] bool IsKind(ControlKind kind) {
  switch (kind) {
    case ControlKind::kStatus:
    case ControlKind::kUnsealKeyFile:
    case ControlKind::kUnsealPassphrase:
    case ControlKind::kSeal:
    case ControlKind::kUnsealShare:
      return true;
  }
  return false;
}

}  // namespace

std::string FormatProgress(const ShareProgress& progress) {
  return absl::StrCat(progress.shares, " of ", progress.threshold, " shares");
}

std::optional<ShareProgress> ParseProgress(std::string_view text) {
  const std::vector<std::string> words =
      absl::StrSplit(absl::string_view(text.data(), text.size()), ' ');
  ShareProgress progress;
  if (words.size() != 4 || words[1] != "of" || words[3] != "shares" ||
      !absl::SimpleAtoi(words[0], &progress.shares) ||
      !absl::SimpleAtoi(words[2], &progress.threshold)) {
    return std::nullopt;
  }
  return progress;
}

absl::Status SendRequest(int socket, const ControlRequest& request) {
  return SendFrame(socket, static_cast<uint8_t>(request.kind),
                   request.payload.Expose(crypto::AllowSecretAccess()));
}

absl::StatusOr<ControlRequest> ReceiveRequest(int socket) {
  auto frame = ReceiveFrame(socket);
  if (!frame.ok()) return frame.status();
  const auto kind = static_cast<ControlKind>(frame->tag);
  if (!IsKind(kind)) {
    return absl::InvalidArgumentError("not a request of the control socket");
  }
  return ControlRequest{kind, std::move(frame->payload)};
}

// The message, and on a second line the hint.
absl::Status SendAnswer(int socket, const Outcome& answer) {
  const std::string text = answer.message + "\n" + answer.hint;
  return SendFrame(socket, static_cast<uint8_t>(answer.exit),
                   crypto::AsBytes(text));
}

absl::StatusOr<Outcome> ReceiveAnswer(int socket) {
  const auto frame = ReceiveFrame(socket);
  if (!frame.ok()) return frame.status();
  // An answer is for people to read and holds no secret.
  const std::string_view text =
      crypto::AsText(frame->payload.Expose(crypto::AllowSecretAccess()));
  const size_t end = std::min(text.find('\n'), text.size());
  return Fail(static_cast<ExitCode>(frame->tag), text.substr(0, end),
              text.substr(std::min(end + 1, text.size())));
}

}  // namespace sodality::app
