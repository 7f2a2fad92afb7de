// Ed25519 over ledger heads, and by people over acts (act.h). Read next:
// sha256.h.
#ifndef SODALITY_CRYPTO_SIGNING_H_
#define SODALITY_CRYPTO_SIGNING_H_

#include <cstdint>
#include <span>

#include "crypto/key.h"
#include "crypto/random.h"
#include "crypto/secret.h"

namespace sodality::crypto {

// Strong types, so that a hash is never taken for a public key.
struct PublicKey {
  Bytes32 bytes{};
  friend bool operator==(const PublicKey&, const PublicKey&) = default;
};
struct Signature {
  Bytes64 bytes{};
  friend bool operator==(const Signature&, const Signature&) = default;
};

// The seed of a device's key for approving acts, made and kept by the client.
using ApprovalKey = Key<struct ApprovalTag, 32, GuardedStorage>;

// Signs with one key. Thread safety: const methods are safe. Secrets: the
// expanded key, in a SecretBuffer.
class Signer final {
 public:
  explicit Signer(const LedgerSignKey& seed);
  explicit Signer(const ApprovalKey& seed);
  const PublicKey& public_key() const { return public_key_; }
  Signature Sign(std::span<const uint8_t> message) const;

 private:
  explicit Signer(std::span<const uint8_t, 32> seed);

  SecretBuffer secret_;
  PublicKey public_key_;
};

[[nodiscard]] bool VerifySignature(const PublicKey& key,
                                   std::span<const uint8_t> message,
                                   const Signature& signature);

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_SIGNING_H_
