// Identifiers as people see them: 128 bits in RFC 4648 base32, lower case,
// without padding.
#ifndef SODALITY_TEXT_BASE32_H_
#define SODALITY_TEXT_BASE32_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace sodality::text {

inline constexpr std::size_t kIdBytes = 16;
inline constexpr std::size_t kIdChars = 26;

// The 26 lower-case characters of `id`. One id has exactly one spelling.
[[nodiscard]] std::string EncodeBase32(
    std::span<const std::uint8_t, kIdBytes> id);

// The id that `chars` spells. Upper case is accepted. INVALID_ARGUMENT if
// `chars` is not 26 characters long, holds one outside a-z and 2-7, or has a
// bit set beyond the 128 (such a spelling would be a second name of an id). No
// message repeats the input.
[[nodiscard]] absl::StatusOr<std::array<std::uint8_t, kIdBytes>> DecodeBase32(
    std::string_view chars);

}  // namespace sodality::text

#endif  // SODALITY_TEXT_BASE32_H_
