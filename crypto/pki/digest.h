// SHA-256 values as types of their own: a certificate's fingerprint is never
// taken for the hash of its key. Read next: identity.h.
#ifndef SODALITY_CRYPTO_PKI_DIGEST_H_
#define SODALITY_CRYPTO_PKI_DIGEST_H_

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include "crypto/random.h"
#include "crypto/secret.h"

namespace sodality::pki {

template <typename Tag>
struct Digest {
  crypto::Bytes32 bytes{};

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

// Lower-case hexadecimal. For public values only.
inline std::string ToHex(std::span<const uint8_t> bytes) {
  const std::string_view text = crypto::AsText(bytes);
  return absl::BytesToHexString(absl::string_view(text.data(), text.size()));
}

}  // namespace sodality::pki

#endif  // SODALITY_CRYPTO_PKI_DIGEST_H_
