#include "crypto/ristretto.h"

#include <sodium.h>

#include <algorithm>
#include <array>

#include "crypto/sodium_ready.h"

namespace sodality::crypto {

static_assert(crypto_core_ristretto255_BYTES == sizeof(Bytes32));
static_assert(crypto_core_ristretto255_SCALARBYTES == sizeof(Bytes32));
static_assert(crypto_core_ristretto255_NONREDUCEDSCALARBYTES ==
              sizeof(Bytes64));

Scalar Scalar::Of(uint8_t number) {
  Scalar out;
  out.bytes_[0] = number;
  return out;
}

Scalar Scalar::Generate(Random& random) {
  Bytes64 wide;
  random.Fill(wide);
  Scalar out;
  crypto_core_ristretto255_scalar_reduce(out.bytes_.data(), wide.data());
  Wipe(wide);
  return out;
}

Scalar Scalar::FromBytes(std::span<const uint8_t, 32> bytes) {
  Scalar out;
  std::copy(bytes.begin(), bytes.end(), out.bytes_.begin());
  return out;
}

// libsodium 1.0.18 has no test of its own: a smaller one is its own remainder.
bool Scalar::IsCanonical() const {
  Bytes64 wide{};
  std::copy(bytes_.begin(), bytes_.end(), wide.begin());
  Scalar reduced;
  crypto_core_ristretto255_scalar_reduce(reduced.bytes_.data(), wide.data());
  Wipe(wide);
  return ConstantTimeEquals(reduced.bytes_, bytes_);
}

bool Scalar::IsZero() const {
  return sodium_is_zero(bytes_.data(), bytes_.size()) == 1;
}

Scalar Scalar::Inverse() const {
  Scalar out;
  // Fails for zero alone, which then stays.
  (void)crypto_core_ristretto255_scalar_invert(out.bytes_.data(),
                                               bytes_.data());
  return out;
}

Scalar operator+(const Scalar& a, const Scalar& b) {
  Scalar out;
  crypto_core_ristretto255_scalar_add(out.bytes_.data(), a.bytes_.data(),
                                      b.bytes_.data());
  return out;
}

Scalar operator-(const Scalar& a, const Scalar& b) {
  Scalar out;
  crypto_core_ristretto255_scalar_sub(out.bytes_.data(), a.bytes_.data(),
                                      b.bytes_.data());
  return out;
}

Scalar operator*(const Scalar& a, const Scalar& b) {
  Scalar out;
  crypto_core_ristretto255_scalar_mul(out.bytes_.data(), a.bytes_.data(),
                                      b.bytes_.data());
  return out;
}

bool IsPoint(const Bytes32& point) {
  return crypto_core_ristretto255_is_valid_point(point.data()) == 1;
}

// libsodium gives no product that is the identity, but an error, and leaves
// zeros: the identity's encoding.
Bytes32 MultiplyGenerator(const Scalar& scalar) {
  EnsureSodium();
  Bytes32 out{};
  if (crypto_scalarmult_ristretto255_base(out.data(), scalar.bytes_.data()) !=
      0) {
    return kIdentity;
  }
  return out;
}

Bytes32 MultiplyPoint(const Scalar& scalar, const Bytes32& point) {
  EnsureSodium();
  Bytes32 out{};
  if (crypto_scalarmult_ristretto255(out.data(), scalar.bytes_.data(),
                                     point.data()) != 0) {
    return kIdentity;
  }
  return out;
}

Bytes32 AddPoints(const Bytes32& a, const Bytes32& b) {
  Bytes32 out{};
  // Fails for bytes that are no point.
  (void)crypto_core_ristretto255_add(out.data(), a.data(), b.data());
  return out;
}

}  // namespace sodality::crypto
