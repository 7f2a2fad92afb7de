// Hex digits in tests and vectors.
#ifndef SODALITY_TESTS_CRYPTO_HEX_H_
#define SODALITY_TESTS_CRYPTO_HEX_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/escaping.h"
#include "crypto/secret.h"

namespace sodality::crypto {

inline std::string ToHex(std::span<const uint8_t> bytes) {
  const std::string_view text = AsText(bytes);
  return absl::BytesToHexString(absl::string_view(text.data(), text.size()));
}

inline int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  ADD_FAILURE() << "not a hex digit: " << c;
  return 0;
}

inline std::vector<uint8_t> FromHex(std::string_view digits) {
  EXPECT_EQ(digits.size() % 2, 0u);
  std::vector<uint8_t> out(digits.size() / 2);
  for (size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<uint8_t>(16 * HexDigit(digits[2 * i]) +
                                  HexDigit(digits[2 * i + 1]));
  }
  return out;
}

template <size_t kBytes>
std::array<uint8_t, kBytes> ArrayFromHex(std::string_view digits) {
  std::array<uint8_t, kBytes> out{};
  const std::vector<uint8_t> bytes = FromHex(digits);
  EXPECT_EQ(bytes.size(), kBytes);
  std::copy_n(bytes.begin(), std::min(bytes.size(), kBytes), out.begin());
  return out;
}

inline SecretBytes SecretText(std::string_view text) {
  return SecretBytes::CopyOf(AsBytes(text));
}

inline std::string Reveal(const SecretBytes& secret) {
  return std::string(AsText(secret.Expose(AllowSecretAccess())));
}

}  // namespace sodality::crypto

#endif  // SODALITY_TESTS_CRYPTO_HEX_H_
