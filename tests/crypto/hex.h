// Hex digits in tests and vectors.
#ifndef SODALITY_TESTS_CRYPTO_HEX_H_
#define SODALITY_TESTS_CRYPTO_HEX_H_

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

inline std::vector<uint8_t> FromHex(std::string_view digits) {
  const std::string bytes =
      absl::HexStringToBytes(absl::string_view(digits.data(), digits.size()));
  return {bytes.begin(), bytes.end()};
}

template <size_t kBytes>
std::array<uint8_t, kBytes> ArrayFromHex(std::string_view digits) {
  std::array<uint8_t, kBytes> out{};
  const std::vector<uint8_t> bytes = FromHex(digits);
  for (size_t i = 0; i < bytes.size() && i < kBytes; ++i) out[i] = bytes[i];
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
