// Little-endian integers and byte strings, written to and read from a buffer
// with every bound checked. For the formats of this folder.
#ifndef SODALITY_CRYPTO_BYTE_CODEC_H_
#define SODALITY_CRYPTO_BYTE_CODEC_H_

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>

namespace sodality::crypto {

template <std::unsigned_integral T>
constexpr std::array<uint8_t, sizeof(T)> LittleEndian(T value) {
  std::array<uint8_t, sizeof(T)> out{};
  for (size_t i = 0; i < sizeof(T); ++i) {
    out[i] = static_cast<uint8_t>(static_cast<uint64_t>(value) >> (8 * i));
  }
  return out;
}

template <std::unsigned_integral T>
constexpr T FromLittleEndian(std::span<const uint8_t, sizeof(T)> bytes) {
  uint64_t value = 0;
  for (size_t i = 0; i < sizeof(T); ++i) {
    value |= static_cast<uint64_t>(bytes[i]) << (8 * i);
  }
  return static_cast<T>(value);
}

// Fills a buffer whose size the caller has computed; writing past its end is a
// broken invariant and aborts.
class ByteWriter final {
 public:
  explicit ByteWriter(std::span<uint8_t> out) : out_(out) {}

  template <std::unsigned_integral T>
  void Put(T value) {
    PutBytes(LittleEndian(value));
  }
  void PutBytes(std::span<const uint8_t> bytes);
  // The next `size` bytes, for the caller to fill.
  std::span<uint8_t> Take(size_t size);
  size_t written() const { return written_; }

 private:
  std::span<uint8_t> out_;
  size_t written_ = 0;
};

// Reads from untrusted bytes. Once something was missing, ok() is false and
// every read gives zeros or nothing.
class ByteReader final {
 public:
  explicit ByteReader(std::span<const uint8_t> in) : in_(in) {}

  template <std::unsigned_integral T>
  T Get() {
    const auto bytes = GetBytes(sizeof(T));
    if (!ok_) return 0;
    return FromLittleEndian<T>(bytes.template first<sizeof(T)>());
  }
  template <size_t kBytes>
  std::array<uint8_t, kBytes> GetArray() {
    std::array<uint8_t, kBytes> out{};
    const auto bytes = GetBytes(kBytes);
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
  }
  std::span<const uint8_t> GetBytes(size_t size);

  bool ok() const { return ok_; }
  // Everything was there and nothing is left.
  bool AtEnd() const { return ok_ && in_.empty(); }
  size_t left() const { return in_.size(); }

 private:
  std::span<const uint8_t> in_;
  bool ok_ = true;
};

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_BYTE_CODEC_H_
