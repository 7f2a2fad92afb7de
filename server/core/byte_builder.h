// Appends little-endian integers and length-prefixed byte strings: the writing
// side of the core's formats (crypto/byte_codec.h reads them).
#ifndef SODALITY_SERVER_CORE_BYTE_BUILDER_H_
#define SODALITY_SERVER_CORE_BYTE_BUILDER_H_

#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crypto/byte_codec.h"
#include "crypto/secret.h"

namespace sodality::core {

// Secrets: what was appended lies on the ordinary heap until TakeSecret, which
// wipes it; room is reserved up front so that growing leaves no copy behind for
// up to kRoom bytes.
class ByteBuilder final {
 public:
  static constexpr size_t kRoom = 512;
  ByteBuilder() { bytes_.reserve(kRoom); }

  template <std::unsigned_integral T>
  ByteBuilder& Put(T value) {
    return Raw(crypto::LittleEndian(value));
  }
  ByteBuilder& Raw(std::span<const uint8_t> bytes) {
    bytes_.append(crypto::AsText(bytes));
    return *this;
  }
  // u32 length, then the bytes.
  ByteBuilder& Sized(std::span<const uint8_t> bytes) {
    return Put(static_cast<uint32_t>(bytes.size())).Raw(bytes);
  }
  ByteBuilder& Text(std::string_view text) {
    return Sized(crypto::AsBytes(text));
  }

  size_t size() const { return bytes_.size(); }
  std::span<const uint8_t> bytes() const { return crypto::AsBytes(bytes_); }
  std::vector<uint8_t> Take() const {
    const auto view = bytes();
    return {view.begin(), view.end()};
  }
  crypto::SecretBytes TakeSecret() {
    return crypto::SecretBytes::FromString(std::move(bytes_));
  }

 private:
  std::string bytes_;
};

// The reading side of Sized and Text.
inline std::span<const uint8_t> ReadSized(crypto::ByteReader& in) {
  return in.GetBytes(in.Get<uint32_t>());
}
inline std::string ReadText(crypto::ByteReader& in) {
  return std::string(crypto::AsText(ReadSized(in)));
}

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_BYTE_BUILDER_H_
