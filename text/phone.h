// Telephone numbers in any spelling, reduced to E.164. The only code that knows
// libphonenumber. Everything here is safe to call from any thread.
#ifndef SODALITY_TEXT_PHONE_H_
#define SODALITY_TEXT_PHONE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"

namespace sodality::text {

// Longer input is refused unread, in bytes.
inline constexpr std::size_t kMaxPhoneBytes = 128;

// The country whose national spellings are understood: an ISO 3166-1 alpha-2
// code that has a telephone numbering plan.
class Country final {
 public:
  // Upper or lower case. INVALID_ARGUMENT for anything else.
  [[nodiscard]] static absl::StatusOr<Country> Create(std::string_view code);

  // Two upper-case letters.
  [[nodiscard]] const std::string& code() const { return code_; }

  friend bool operator==(const Country&, const Country&) = default;

 private:
  explicit Country(std::string code) : code_(std::move(code)) {}
  std::string code_;
};

enum class PhoneStyle {
  kInternational,  // +1 212 555 0123
  kNational,       // (212) 555-0123
};

// The canonical form: E.164, and `;ext=123` behind it if an extension was
// given. A number that is possible by its length is accepted (ranges open
// faster than metadata age). INVALID_ARGUMENT otherwise; the message says what
// is wrong without repeating the input.
[[nodiscard]] absl::StatusOr<std::string> ParsePhone(std::string_view text,
                                                     const Country& country);

// The canonical form without its extension: what is indexed and compared, so
// that a number is found with or without one.
[[nodiscard]] std::string_view WithoutExtension(std::string_view canonical);

// A canonical form as people write it; returned as it is if it is none.
[[nodiscard]] std::string FormatPhone(std::string_view canonical,
                                      PhoneStyle style);

// Whether `text` has only characters of telephone numbers and seven digits or
// more, so that a query means a telephone.
[[nodiscard]] bool LooksLikePhone(std::string_view text);

}  // namespace sodality::text

#endif  // SODALITY_TEXT_PHONE_H_
