// Internal: the hex digits of secrets, in a time that does not depend on them.
// For root_key.cc and share_text.cc.
#ifndef SODALITY_CRYPTO_HEX_DIGITS_H_
#define SODALITY_CRYPTO_HEX_DIGITS_H_

#include <cstdint>
#include <span>
#include <string_view>

#include "crypto/byte_codec.h"

namespace sodality::crypto {

// Two digits a byte.
void PutHex(ByteWriter& out, std::span<const uint8_t> bytes);
// Whether `digits` are as many as fill `out`, and nothing else.
[[nodiscard]] bool FromHex(std::string_view digits, std::span<uint8_t> out);

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_HEX_DIGITS_H_
