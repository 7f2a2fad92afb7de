#include "crypto/padded_aead.h"

#include <algorithm>

#include "crypto/padding.h"

namespace sodality::crypto {

size_t SealedSize(size_t size) { return PaddedSize(size) + kTagSize; }

void SealPadded(KeyBytes key, Nonce nonce, const AssociatedData& bound_to,
                std::span<const uint8_t> content, std::span<uint8_t> sealed) {
  const auto padded = sealed.first(sealed.size() - kTagSize);
  std::copy(content.begin(), content.end(), padded.begin());
  Pad(padded, content.size());
  AeadSeal(key, nonce, bound_to, padded, sealed);
}

std::optional<Plaintext> OpenPadded(KeyBytes key, Nonce nonce,
                                    const AssociatedData& bound_to,
                                    std::span<const uint8_t> sealed) {
  if (sealed.size() < kMinSealedSize) return std::nullopt;
  Plaintext content = Plaintext::OfSize(sealed.size() - kTagSize);
  const auto padded = content.ExposeMutable(AllowSecretAccess());
  if (!AeadOpen(key, nonce, bound_to, sealed, padded)) return std::nullopt;
  const auto size = UnpaddedSize(padded);
  if (!size) return std::nullopt;
  content.Truncate(*size);
  return content;
}

}  // namespace sodality::crypto
