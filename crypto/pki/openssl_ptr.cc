#include "crypto/pki/openssl_ptr.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

namespace sodality::pki {

void OpensslFree::operator()(BIO* p) const { BIO_free_all(p); }
void OpensslFree::operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
void OpensslFree::operator()(EVP_PKEY_CTX* p) const { EVP_PKEY_CTX_free(p); }
void OpensslFree::operator()(X509* p) const { X509_free(p); }
void OpensslFree::operator()(X509_STORE* p) const { X509_STORE_free(p); }
void OpensslFree::operator()(X509_STORE_CTX* p) const {
  X509_STORE_CTX_free(p);
}

ErrorQueueScope::ErrorQueueScope() { ERR_clear_error(); }
ErrorQueueScope::~ErrorQueueScope() { ERR_clear_error(); }

}  // namespace sodality::pki
