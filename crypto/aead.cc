#include "crypto/aead.h"

#include <sodium.h>

#include <cstdlib>

namespace sodality::crypto {

static_assert(kNonceSize == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
static_assert(kTagSize == crypto_aead_xchacha20poly1305_ietf_ABYTES);
static_assert(KeyBytes::extent == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

void AeadSeal(KeyBytes key, Nonce nonce, const AssociatedData& bound_to,
              std::span<const uint8_t> plaintext, std::span<uint8_t> sealed) {
  if (sealed.size() != plaintext.size() + kTagSize) std::abort();
  const auto ad = bound_to.bytes();
  crypto_aead_xchacha20poly1305_ietf_encrypt(
      sealed.data(), nullptr, plaintext.data(), plaintext.size(), ad.data(),
      ad.size(), nullptr, nonce.data(), key.data());
}

bool AeadOpen(KeyBytes key, Nonce nonce, const AssociatedData& bound_to,
              std::span<const uint8_t> sealed, std::span<uint8_t> plaintext) {
  if (sealed.size() < kTagSize) return false;
  if (plaintext.size() != sealed.size() - kTagSize) std::abort();
  const auto ad = bound_to.bytes();
  return crypto_aead_xchacha20poly1305_ietf_decrypt(
             plaintext.data(), nullptr, nullptr, sealed.data(), sealed.size(),
             ad.data(), ad.size(), nonce.data(), key.data()) == 0;
}

}  // namespace sodality::crypto
