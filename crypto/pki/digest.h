// SHA-256 values as types of their own: a certificate's fingerprint is never
// taken for the hash of its key. Read next: identity.h.
#ifndef SODALITY_CRYPTO_PKI_DIGEST_H_
#define SODALITY_CRYPTO_PKI_DIGEST_H_

#include <array>
#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

namespace sodality::pki {

template <typename Tag>
struct Digest {
  std::array<uint8_t, 32> bytes{};

  friend auto operator<=>(const Digest&, const Digest&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const Digest& d) {
    return H::combine(std::move(h), d.bytes);
  }
};

// SHA-256 of a whole certificate (its DER). What the server's tables and the
// listener's verifier know a certificate by.
using Fingerprint = Digest<struct FingerprintTag>;
// SHA-256 of a SubjectPublicKeyInfo (DER).
using SpkiHash = Digest<struct SpkiHashTag>;

std::array<uint8_t, 32> Sha256(std::span<const uint8_t> data);

// Lower-case hexadecimal. For public values only.
std::string ToHex(std::span<const uint8_t> bytes);

}  // namespace sodality::pki

#endif  // SODALITY_CRYPTO_PKI_DIGEST_H_
