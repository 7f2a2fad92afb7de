// Owning pointers for OpenSSL's types. Only <openssl/types.h> is included, so
// that the other headers of this folder may name them cheaply. Used only inside
// crypto/pki.
#ifndef SODALITY_CRYPTO_PKI_OPENSSL_PTR_H_
#define SODALITY_CRYPTO_PKI_OPENSSL_PTR_H_

#include <openssl/types.h>

#include <memory>

namespace sodality::pki {

struct OpensslFree {
  void operator()(BIO* p) const;
  void operator()(EVP_PKEY* p) const;
  void operator()(EVP_PKEY_CTX* p) const;
  void operator()(X509* p) const;
  void operator()(X509_STORE* p) const;
  void operator()(X509_STORE_CTX* p) const;
};

template <typename T>
using OpensslPtr = std::unique_ptr<T, OpensslFree>;

// Empties the calling thread's OpenSSL error queue when it goes out of scope,
// so that a failure here never shows up in somebody else's TLS call. Its texts
// are never passed on: they may quote input.
class ErrorQueueScope final {
 public:
  ErrorQueueScope();
  ~ErrorQueueScope();
  ErrorQueueScope(const ErrorQueueScope&) = delete;
  ErrorQueueScope& operator=(const ErrorQueueScope&) = delete;
};

}  // namespace sodality::pki

#endif  // SODALITY_CRYPTO_PKI_OPENSSL_PTR_H_
