#include "crypto/signing.h"

#include <sodium.h>

namespace sodality::crypto {

Signer::Signer(const LedgerSignKey& seed)
    : Signer(seed.Expose(AllowSecretAccess())) {}

Signer::Signer(const ApprovalKey& seed)
    : Signer(seed.Expose(AllowSecretAccess())) {}

Signer::Signer(std::span<const uint8_t, 32> seed)
    : secret_(SecretBuffer::OfSize(crypto_sign_SECRETKEYBYTES)) {
  crypto_sign_seed_keypair(public_key_.bytes.data(),
                           secret_.ExposeMutable(AllowSecretAccess()).data(),
                           seed.data());
}

Signature Signer::Sign(std::span<const uint8_t> message) const {
  Signature signature;
  crypto_sign_detached(signature.bytes.data(), nullptr, message.data(),
                       message.size(),
                       secret_.Expose(AllowSecretAccess()).data());
  return signature;
}

bool VerifySignature(const PublicKey& key, std::span<const uint8_t> message,
                     const Signature& signature) {
  return crypto_sign_verify_detached(signature.bytes.data(), message.data(),
                                     message.size(), key.bytes.data()) == 0;
}

}  // namespace sodality::crypto
