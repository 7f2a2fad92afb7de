// The canonical form of what a ciphertext or a hash is bound to. Two different
// lists of parts never give the same bytes: every part carries its length.
// docs/formats.md section 1. Read next: aead.h.
#ifndef SODALITY_CRYPTO_AAD_H_
#define SODALITY_CRYPTO_AAD_H_

#include <cstdint>
#include <span>
#include <string_view>

#include "absl/container/inlined_vector.h"

namespace sodality::crypto {

// A domain tag and parts, each as u32 little-endian length and bytes. Integers
// are little-endian parts of their own width. Parts are public facts; no
// secret belongs here, except as input of a keyed hash.
//
// Cost: no allocation up to 256 bytes. Thread safety: one user at a time.
class AssociatedData final {
 public:
  // `domain` names format and purpose, e.g. "sodality/field/1".
  explicit AssociatedData(std::string_view domain) { AddText(domain); }

  // Exactly these bytes, without framing: for published vectors only.
  static AssociatedData Verbatim(std::span<const uint8_t> bytes);

  AssociatedData& Add(std::span<const uint8_t> part);
  AssociatedData& AddText(std::string_view part);
  AssociatedData& AddU8(uint8_t part);
  AssociatedData& AddU16(uint16_t part);
  AssociatedData& AddU32(uint32_t part);
  AssociatedData& AddU64(uint64_t part);

  std::span<const uint8_t> bytes() const {
    return {data_.data(), data_.size()};
  }

 private:
  AssociatedData() = default;
  absl::InlinedVector<uint8_t, 256> data_;
};

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_AAD_H_
