#include "crypto/aad.h"

#include <algorithm>

#include "crypto/byte_codec.h"
#include "crypto/secret.h"

namespace sodality::crypto {

AssociatedData AssociatedData::Verbatim(std::span<const uint8_t> bytes) {
  AssociatedData out;
  out.data_.assign(bytes.begin(), bytes.end());
  return out;
}

AssociatedData& AssociatedData::Add(std::span<const uint8_t> part) {
  const auto size = LittleEndian(static_cast<uint32_t>(part.size()));
  const size_t end = data_.size();
  data_.resize(end + size.size() + part.size());
  const auto next = std::copy(size.begin(), size.end(), data_.begin() + end);
  std::copy(part.begin(), part.end(), next);
  return *this;
}

AssociatedData& AssociatedData::AddText(std::string_view part) {
  return Add(AsBytes(part));
}

AssociatedData& AssociatedData::AddU8(uint8_t part) {
  return Add(LittleEndian(part));
}

AssociatedData& AssociatedData::AddU16(uint16_t part) {
  return Add(LittleEndian(part));
}

AssociatedData& AssociatedData::AddU32(uint32_t part) {
  return Add(LittleEndian(part));
}

AssociatedData& AssociatedData::AddU64(uint64_t part) {
  return Add(LittleEndian(part));
}

}  // namespace sodality::crypto
