#include "text/base32.h"

#include "absl/status/status.h"

namespace sodality::text {
namespace {

constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";
constexpr int kNoDigit = -1;

int DigitOf(char c) {
  if (c >= 'a' && c <= 'z') return c - 'a';
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= '2' && c <= '7') return c - '2' + 26;
  return kNoDigit;
}

}  // namespace

std::string EncodeBase32(std::span<const std::uint8_t, kIdBytes> id) {
  std::string chars;
  chars.reserve(kIdChars);
  std::uint32_t pending = 0;
  int bits = 0;
  for (const std::uint8_t byte : id) {
    pending = (pending << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) {
      chars.push_back(kAlphabet[(pending >> (bits - 5)) & 31]);
    }
  }
  chars.push_back(kAlphabet[(pending << (5 - bits)) & 31]);
  return chars;
}

absl::StatusOr<std::array<std::uint8_t, kIdBytes>> DecodeBase32(
    std::string_view chars) {
  if (chars.size() != kIdChars) {
    return absl::InvalidArgumentError("an id has 26 characters");
  }
  std::array<std::uint8_t, kIdBytes> id{};
  std::size_t next = 0;
  std::uint32_t pending = 0;
  int bits = 0;
  for (const char c : chars) {
    const int digit = DigitOf(c);
    if (digit == kNoDigit) {
      return absl::InvalidArgumentError("an id has only a-z and 2-7");
    }
    pending = (pending << 5) | static_cast<std::uint32_t>(digit);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    id[next++] = static_cast<std::uint8_t>(pending >> bits);
  }
  if ((pending & ((1U << bits) - 1)) != 0) {
    return absl::InvalidArgumentError("an id ends in a, e, i, m, q, u, y or 4");
  }
  return id;
}

}  // namespace sodality::text
