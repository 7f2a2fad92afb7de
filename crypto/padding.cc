#include "crypto/padding.h"

#include <algorithm>
#include <bit>

namespace sodality::crypto {
namespace {

constexpr uint8_t kMarker = 0x80;
constexpr size_t kSmallest = 16;
constexpr size_t kStep = 512;  // Above it, multiples; below, powers of two.

}  // namespace

size_t PaddedSize(size_t size) {
  const size_t with_marker = size + 1;
  if (with_marker <= kStep) {
    return std::max(kSmallest, std::bit_ceil(with_marker));
  }
  return (with_marker + kStep - 1) / kStep * kStep;
}

void Pad(std::span<uint8_t> buffer, size_t size) {
  buffer[size] = kMarker;
  const auto zeros = buffer.subspan(size + 1);
  std::fill(zeros.begin(), zeros.end(), uint8_t{0});
}

std::optional<size_t> UnpaddedSize(std::span<const uint8_t> buffer) {
  size_t size = buffer.size();
  while (size > 0 && buffer[size - 1] == 0) --size;
  if (size == 0 || buffer[size - 1] != kMarker) return std::nullopt;
  --size;
  if (PaddedSize(size) != buffer.size()) return std::nullopt;
  return size;
}

}  // namespace sodality::crypto
