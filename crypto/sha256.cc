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

// OpenSSL's uses the processor's instructions for it, libsodium's does not.
// Freeing the context overwrites what it holds of the data.
struct Sha256Stream::Context {
  Context() = default;
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { EVP_MD_CTX_free(md); }
  EVP_MD_CTX* const md = EVP_MD_CTX_new();
};

Sha256Stream::Sha256Stream() : context_(std::make_unique<Context>()) {
  Check(context_->md != nullptr &&
        EVP_DigestInit_ex(context_->md, Algorithm(), nullptr));
}
Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;
Sha256Stream::~Sha256Stream() = default;

void Sha256Stream::Add(std::span<const uint8_t> part) {
  Check(EVP_DigestUpdate(context_->md, part.data(), part.size()));
}

Bytes32 Sha256Stream::Finish() {
  Bytes32 out;
  Check(EVP_DigestFinal_ex(context_->md, out.data(), nullptr));
  return out;
}

Bytes32 Sha256(std::span<const uint8_t> data) { return Sha256({data}); }

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
