// Lengths in buckets, so that a ciphertext's size says little. Read next:
// record.h.
#ifndef SODALITY_CRYPTO_PADDING_H_
#define SODALITY_CRYPTO_PADDING_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace sodality::crypto {

// The smallest of 16, 32, 64, 128, 256, 512, 1024, 1536... above `size`: one
// byte 0x80 and zeros follow the content.
size_t PaddedSize(size_t size);

// Fills buffer[size..] with the marker and zeros. buffer.size() is
// PaddedSize(size).
void Pad(std::span<uint8_t> buffer, size_t size);

// The size of the content; nothing when the padding is not exactly what Pad
// writes.
std::optional<size_t> UnpaddedSize(std::span<const uint8_t> buffer);

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_PADDING_H_
