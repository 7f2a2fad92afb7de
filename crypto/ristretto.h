// Internal: the group ristretto255 and its scalars, for sharing.cc and
// share.cc. RFC 9496. Read next: share.h.
#ifndef SODALITY_CRYPTO_RISTRETTO_H_
#define SODALITY_CRYPTO_RISTRETTO_H_

#include <cstdint>
#include <span>

#include "crypto/random.h"
#include "crypto/secret.h"

namespace sodality::crypto {

// A number modulo the group's order L. Secrets: wiped at its end. Sums and
// products take a time that does not depend on the values.
class Scalar final {
 public:
  Scalar() = default;  // Zero.
  Scalar(const Scalar&) = default;
  Scalar& operator=(const Scalar&) = default;
  ~Scalar() { Wipe(bytes_); }

  static Scalar Of(uint8_t number);
  // Uniform, zero included.
  static Scalar Generate(Random& random);
  // 32 bytes, taken as they are: see IsCanonical.
  static Scalar FromBytes(std::span<const uint8_t, 32> bytes);

  // Whether it is smaller than L.
  [[nodiscard]] bool IsCanonical() const;
  [[nodiscard]] bool IsZero() const;
  // Of anything but zero.
  Scalar Inverse() const;
  std::span<const uint8_t, 32> Expose(SecretAccess) const { return bytes_; }

  friend Scalar operator+(const Scalar& a, const Scalar& b);
  friend Scalar operator-(const Scalar& a, const Scalar& b);
  friend Scalar operator*(const Scalar& a, const Scalar& b);

 private:
  friend Bytes32 MultiplyGenerator(const Scalar& scalar);
  friend Bytes32 MultiplyPoint(const Scalar& scalar, const Bytes32& point);

  Bytes32 bytes_{};
};

// Points are public, in their canonical encoding. All zeros is the identity.
inline constexpr Bytes32 kIdentity{};

[[nodiscard]] bool IsPoint(const Bytes32& point);
// These take points that are some.
Bytes32 MultiplyGenerator(const Scalar& scalar);
Bytes32 MultiplyPoint(const Scalar& scalar, const Bytes32& point);
Bytes32 AddPoints(const Bytes32& a, const Bytes32& b);

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_RISTRETTO_H_
