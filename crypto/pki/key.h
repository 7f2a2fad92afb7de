// Key pairs of certificates: NIST P-256 and nothing else. Read next: csr.h.
#ifndef SODALITY_CRYPTO_PKI_KEY_H_
#define SODALITY_CRYPTO_PKI_KEY_H_

#include <cstdint>
#include <span>
#include <string_view>

#include "absl/status/statusor.h"
#include "crypto/pki/digest.h"
#include "crypto/pki/openssl_ptr.h"
#include "crypto/secret.h"
#include "platform/file.h"

namespace sodality::pki {

// A P-256 public key, held as its SubjectPublicKeyInfo in DER (91 bytes, named
// curve, uncompressed point): one key has one encoding. A value type.
class PublicKey final {
 public:
  // INVALID_ARGUMENT for anything but that exact encoding of a valid point.
  static absl::StatusOr<PublicKey> FromSpkiDer(std::span<const uint8_t> der);

  const platform::Bytes& spki_der() const { return spki_der_; }
  const SpkiHash& spki_hash() const { return spki_hash_; }
  friend bool operator==(const PublicKey& a, const PublicKey& b) {
    return a.spki_der_ == b.spki_der_;
  }

  // A fresh OpenSSL object of this key. For this folder.
  OpensslPtr<EVP_PKEY> ToOpenssl() const;
  // INVALID_ARGUMENT when `key` is null or no valid P-256 key.
  static absl::StatusOr<PublicKey> FromOpenssl(const EVP_PKEY* key);

 private:
  explicit PublicKey(platform::Bytes spki_der);

  platform::Bytes spki_der_;
  SpkiHash spki_hash_;
};

// A P-256 private key. Move-only.
// Thread safety: const use from several threads is safe.
// Secrets: lives on OpenSSL's heap, wiped when freed but not on guarded pages;
// exports are in wiped memory. No error text says anything of the key.
class PrivateKey final {
 public:
  // INTERNAL when OpenSSL's random source fails.
  static absl::StatusOr<PrivateKey> Generate();
  // Unencrypted PKCS#8 only. INVALID_ARGUMENT, one message for every cause:
  // damage, another kind of key, an encrypted key, trailing bytes, or a public
  // half that does not belong to the private one.
  static absl::StatusOr<PrivateKey> FromPkcs8Der(
      const crypto::SecretBuffer& der);
  static absl::StatusOr<PrivateKey> FromPkcs8Pem(
      const crypto::SecretBuffer& pem);

  absl::StatusOr<crypto::SecretBuffer> ToPkcs8Der() const;
  absl::StatusOr<crypto::SecretBuffer> ToPkcs8Pem() const;
  const PublicKey& public_key() const { return public_key_; }

  // Borrowed; for this folder.
  EVP_PKEY* openssl() const { return key_.get(); }

 private:
  PrivateKey(OpensslPtr<EVP_PKEY> key, PublicKey public_key);
  static absl::StatusOr<PrivateKey> FromOpenssl(OpensslPtr<EVP_PKEY> key);

  OpensslPtr<EVP_PKEY> key_;
  PublicKey public_key_;
};

}  // namespace sodality::pki

#endif  // SODALITY_CRYPTO_PKI_KEY_H_
