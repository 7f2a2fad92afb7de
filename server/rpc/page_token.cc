#include "server/rpc/page_token.h"

#include <algorithm>
#include <array>

#include "crypto/secret.h"
#include "crypto/sha256.h"
#include "server/core/error.h"
#include "text/base32.h"

namespace sodality::rpc {
namespace {

constexpr size_t kPositionBytes = 8;

// Position, then the beginning of a hash of position and question.
std::array<uint8_t, text::kIdBytes> Encode(uint64_t position,
                                           std::string_view question) {
  std::array<uint8_t, text::kIdBytes> bytes{};
  for (size_t i = 0; i < kPositionBytes; ++i) {
    bytes[i] = static_cast<uint8_t>(position >> (8 * (kPositionBytes - 1 - i)));
  }
  const auto hash =
      crypto::Sha256({std::span<const uint8_t>(bytes).first(kPositionBytes),
                      crypto::AsBytes(question)});
  std::copy_n(hash.begin(), bytes.size() - kPositionBytes,
              bytes.begin() + kPositionBytes);
  return bytes;
}

}  // namespace

std::string FormatPageToken(uint64_t position, std::string_view question) {
  return text::EncodeBase32(Encode(position, question));
}

absl::StatusOr<uint64_t> ParsePageToken(std::string_view token,
                                        std::string_view question) {
  if (token.empty()) return 0;
  const auto bytes = text::DecodeBase32(token);
  uint64_t position = 0;
  if (bytes.ok()) {
    for (size_t i = 0; i < kPositionBytes; ++i) {
      position = position << 8 | (*bytes)[i];
    }
    if (position != 0 && Encode(position, question) == *bytes) return position;
  }
  return core::MakeError(absl::StatusCode::kInvalidArgument,
                         "the page token is not of this question",
                         {.reason = core::Reason::kBadPageToken,
                          .hint = "ask again from the beginning"});
}

}  // namespace sodality::rpc
