#include "crypto/byte_codec.h"

#include <cstdlib>

namespace sodality::crypto {

void ByteWriter::PutBytes(std::span<const uint8_t> bytes) {
  const std::span<uint8_t> place = Take(bytes.size());
  std::copy(bytes.begin(), bytes.end(), place.begin());
}

std::span<uint8_t> ByteWriter::Take(size_t size) {
  if (size > out_.size() - written_) std::abort();
  const std::span<uint8_t> place = out_.subspan(written_, size);
  written_ += size;
  return place;
}

std::span<const uint8_t> ByteReader::GetBytes(size_t size) {
  if (!ok_ || size > in_.size()) {
    ok_ = false;
    return {};
  }
  const std::span<const uint8_t> bytes = in_.first(size);
  in_ = in_.subspan(size);
  return bytes;
}

}  // namespace sodality::crypto
