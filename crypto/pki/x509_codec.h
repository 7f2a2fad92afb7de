// Between bytes and OpenSSL's X509, for this folder only. Errors are
// INVALID_ARGUMENT and never quote input.
#ifndef SODALITY_CRYPTO_PKI_X509_CODEC_H_
#define SODALITY_CRYPTO_PKI_X509_CODEC_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "crypto/pki/certificate.h"
#include "crypto/pki/openssl_ptr.h"
#include "platform/file.h"

namespace sodality::pki {

// One X.509 version 3 certificate signed with ECDSA and SHA-256, and not a byte
// more. Its extensions are not looked at.
absl::StatusOr<OpensslPtr<X509>> DecodeX509(std::span<const uint8_t> der);
// Empty when OpenSSL fails.
platform::Bytes EncodeX509(const X509& certificate);

// The one CERTIFICATE block that `pem` has to be.
absl::StatusOr<platform::Bytes> CertificatePemToDer(std::string_view pem);
std::string CertificateDerToPem(std::span<const uint8_t> der);

absl::StatusOr<Validity> ValidityOf(const X509& certificate);

}  // namespace sodality::pki

#endif  // SODALITY_CRYPTO_PKI_X509_CODEC_H_
