// E-mail addresses: validation and the canonical form that is compared.
#ifndef SODALITY_TEXT_EMAIL_H_
#define SODALITY_TEXT_EMAIL_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace sodality::text {

// RFC 5321's limits, in bytes.
inline constexpr std::size_t kMaxEmailBytes = 254;
inline constexpr std::size_t kMaxEmailLocalBytes = 64;

// The canonical form: trimmed, both parts case folded, the domain in its ASCII
// (IDNA 2008, UTS 46) spelling. Dots and +tags stay: they differ between
// people at some providers. Quoted local parts and address literals, which no
// roster holds, are refused.
//
// INVALID_ARGUMENT if it is no address; the message says what is wrong without
// repeating the input. Safe to call from any thread.
[[nodiscard]] absl::StatusOr<std::string> ParseEmail(std::string_view text);

}  // namespace sodality::text

#endif  // SODALITY_TEXT_EMAIL_H_
