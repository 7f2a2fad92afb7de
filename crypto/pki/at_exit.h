// OpenSSL's own clean-up when a process ends.
#ifndef SODALITY_CRYPTO_PKI_AT_EXIT_H_
#define SODALITY_CRYPTO_PKI_AT_EXIT_H_

namespace sodality::pki {

// Leaves OpenSSL as it is when the process ends, instead of freeing it while
// gRPC's threads may still be in a handshake (OPENSSL_INIT_NO_ATEXIT). For
// main(), before anything else: once OpenSSL is in use it changes nothing.
void KeepOpensslUntilExit();

}  // namespace sodality::pki

#endif  // SODALITY_CRYPTO_PKI_AT_EXIT_H_
