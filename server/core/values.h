// Field values: how a caller's text becomes a stored value, how stored values
// are compared, and how a list of them lies inside one sealed field. Read next:
// sealer.h.
#ifndef SODALITY_SERVER_CORE_VALUES_H_
#define SODALITY_SERVER_CORE_VALUES_H_

#include <span>
#include <string>
#include <string_view>

#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"
#include "crypto/secret.h"
#include "server/core/schema.h"
#include "text/phone.h"

namespace sodality::core {

inline constexpr size_t kMaxValueBytes = 16 * 1024;
inline constexpr size_t kMaxValues = 64;
// A name's or a tag's: its words all become tokens.
inline constexpr size_t kMaxNameBytes = 512;

// The values of one field, encoded as they are sealed
// (docs/formats-directory.md, "Field value"). Secrets: wiped at destruction.
class ValueList final {
 public:
  using Views = absl::InlinedVector<std::string_view, 4>;

  ValueList() = default;
  static ValueList Encode(std::span<const std::string_view> values);
  // DATA_LOSS when the bytes are no list of at least one value.
  static absl::StatusOr<ValueList> Decode(crypto::Plaintext encoded);

  // Views into this object, in order; they last as long as it and its moves.
  Views views() const;
  [[nodiscard]] bool empty() const;
  const crypto::Plaintext& encoded() const { return encoded_; }
  ValueList Clone() const;
  friend bool operator==(const ValueList& a, const ValueList& b);

 private:
  crypto::Plaintext encoded_;
};

// A caller's values in canonical form: trimmed, checked, phones in E.164 (read
// as of `country`), booleans and dates normalised, blanks dropped, duplicates
// in a list dropped. INVALID_ARGUMENT kInvalidValue naming the field and what
// is wrong, never the value: not UTF-8, control characters, too long, too many,
// two values for a field that is no list, not a phone number, ...
absl::StatusOr<ValueList> Canonicalise(
    const FieldSpec& spec, std::span<const crypto::SecretBytes> values,
    const text::Country& country);

// The form in which a canonical value is compared, and over which its exact
// token is made: two values are the same when theirs are equal.
std::string ComparedForm(const FieldSpec& spec, std::string_view canonical);

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_VALUES_H_
