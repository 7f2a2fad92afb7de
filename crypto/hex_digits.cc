#include "crypto/hex_digits.h"

#include <sodium.h>

#include "crypto/secret.h"

namespace sodality::crypto {

void PutHex(ByteWriter& out, std::span<const uint8_t> bytes) {
  SecretBytes hex = SecretBytes::OfSize(2 * bytes.size() + 1);
  const auto digits = hex.ExposeMutable(AllowSecretAccess());
  sodium_bin2hex(reinterpret_cast<char*>(digits.data()), digits.size(),
                 bytes.data(), bytes.size());
  out.PutBytes(digits.first(2 * bytes.size()));
}

bool FromHex(std::string_view digits, std::span<uint8_t> out) {
  size_t written = 0;
  return sodium_hex2bin(out.data(), out.size(), digits.data(), digits.size(),
                        nullptr, &written, nullptr) == 0 &&
         written == out.size();
}

}  // namespace sodality::crypto
