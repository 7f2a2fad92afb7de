#include "crypto/sha256.h"

#include <openssl/evp.h>

#include <memory>
#include <new>

namespace sodality::crypto {
namespace {

// Fetched once: a fetch takes longer than most hashes.
const EVP_MD* Algorithm() {
  static const EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return sha256;
}

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// Out of memory is all that can go wrong.
void Check(int ok) {
  if (ok != 1) throw std::bad_alloc();
}

}  // namespace

Bytes32 Sha256(std::span<const uint8_t> data) { return Sha256({data}); }

// OpenSSL's uses the processor's instructions for it, libsodium's does not.
// Freeing the context overwrites what it holds of the data.
Bytes32 Sha256(std::initializer_list<std::span<const uint8_t>> parts) {
  const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  Check(context != nullptr &&
        EVP_DigestInit_ex(context.get(), Algorithm(), nullptr));
  for (const std::span<const uint8_t> part : parts) {
    Check(EVP_DigestUpdate(context.get(), part.data(), part.size()));
  }
  Bytes32 out;
  Check(EVP_DigestFinal_ex(context.get(), out.data(), nullptr));
  return out;
}

}  // namespace sodality::crypto
