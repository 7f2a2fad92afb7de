#include "crypto/pki/key.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <utility>

#include "absl/status/status.h"
#include "crypto/sha256.h"

namespace sodality::pki {
namespace {

// SubjectPublicKeyInfo of a P-256 key up to the curve point's coordinates:
// id-ecPublicKey, prime256v1, BIT STRING, uncompressed.
constexpr std::array<uint8_t, 27> kSpkiPrefix = {
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
    0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
    0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04};
constexpr size_t kSpkiSize = 91;
constexpr size_t kMaxPkcs8Size = 512;
constexpr std::string_view kPemBegin = "-----BEGIN PRIVATE KEY-----\n";

struct Pkcs8Free {
  void operator()(PKCS8_PRIV_KEY_INFO* p) const { PKCS8_PRIV_KEY_INFO_free(p); }
};

// What PEM_bytes_read_bio_secmem allocates: wiped when freed.
struct SecureBlock {
  uint8_t* data = nullptr;
  long size = 0;
  ~SecureBlock() { OPENSSL_secure_clear_free(data, static_cast<size_t>(size)); }
};

absl::Status RefusedPublic() {
  return absl::InvalidArgumentError("not a P-256 public key");
}

absl::Status RefusedPrivate() {
  return absl::InvalidArgumentError("not an unencrypted P-256 private key");
}

absl::Status ExportFailed() {
  return absl::InternalError("cannot export a private key");
}

// Without it OpenSSL would ask for a passphrase on the terminal.
int NoPassphrase(char*, int, int, void*) { return -1; }

bool HalvesMatch(EVP_PKEY* key) {
  const OpensslPtr<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new(key, nullptr));
  return context != nullptr && EVP_PKEY_pairwise_check(context.get()) == 1;
}

OpensslPtr<EVP_PKEY> DecodePkcs8(std::span<const uint8_t> der) {
  if (der.empty() || der.size() > kMaxPkcs8Size) return nullptr;
  const uint8_t* next = der.data();
  const std::unique_ptr<PKCS8_PRIV_KEY_INFO, Pkcs8Free> info(
      d2i_PKCS8_PRIV_KEY_INFO(nullptr, &next, static_cast<long>(der.size())));
  if (info == nullptr || next != der.data() + der.size()) return nullptr;
  return OpensslPtr<EVP_PKEY>(EVP_PKCS82PKEY(info.get()));
}

// BIO_s_mem wipes its buffer when freed.
crypto::SecretBuffer TakeSecret(BIO& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(&bio, &data);
  return crypto::SecretBuffer::CopyOf(
      crypto::AsBytes({data, static_cast<size_t>(size)}));
}

}  // namespace

PublicKey::PublicKey(platform::Bytes spki_der)
    : spki_der_(std::move(spki_der)), spki_hash_{crypto::Sha256(spki_der_)} {}

absl::StatusOr<PublicKey> PublicKey::FromSpkiDer(std::span<const uint8_t> der) {
  const ErrorQueueScope errors;
  if (der.size() != kSpkiSize ||
      !std::equal(kSpkiPrefix.begin(), kSpkiPrefix.end(), der.begin())) {
    return RefusedPublic();
  }
  PublicKey key(platform::Bytes(der.begin(), der.end()));
  // Decoding checks that the point lies on the curve; the cofactor is 1 and
  // the point at infinity has no such encoding.
  if (key.ToOpenssl() == nullptr) return RefusedPublic();
  return key;
}

OpensslPtr<EVP_PKEY> PublicKey::ToOpenssl() const {
  const uint8_t* next = spki_der_.data();
  return OpensslPtr<EVP_PKEY>(
      d2i_PUBKEY(nullptr, &next, static_cast<long>(spki_der_.size())));
}

absl::StatusOr<PublicKey> PublicKey::FromOpenssl(const EVP_PKEY* key) {
  std::array<uint8_t, kSpkiSize> der{};
  uint8_t* next = der.data();
  if (key == nullptr ||
      i2d_PUBKEY(key, nullptr) != static_cast<int>(kSpkiSize) ||
      i2d_PUBKEY(key, &next) != static_cast<int>(kSpkiSize)) {
    return RefusedPublic();
  }
  return FromSpkiDer(der);
}

PrivateKey::PrivateKey(OpensslPtr<EVP_PKEY> key, PublicKey public_key)
    : key_(std::move(key)), public_key_(std::move(public_key)) {}

absl::StatusOr<PrivateKey> PrivateKey::FromOpenssl(OpensslPtr<EVP_PKEY> key) {
  auto public_key = PublicKey::FromOpenssl(key.get());
  if (!public_key.ok() || !HalvesMatch(key.get())) return RefusedPrivate();
  return PrivateKey(std::move(key), *std::move(public_key));
}

absl::StatusOr<PrivateKey> PrivateKey::Generate() {
  const ErrorQueueScope errors;
  OpensslPtr<EVP_PKEY> key(EVP_EC_gen("P-256"));
  if (key == nullptr) return absl::InternalError("cannot generate a key");
  return FromOpenssl(std::move(key));
}

absl::StatusOr<PrivateKey> PrivateKey::FromPkcs8Der(
    const crypto::SecretBuffer& der) {
  const ErrorQueueScope errors;
  return FromOpenssl(DecodePkcs8(der.Expose(crypto::AllowSecretAccess())));
}

absl::StatusOr<PrivateKey> PrivateKey::FromPkcs8Pem(
    const crypto::SecretBuffer& pem) {
  const ErrorQueueScope errors;
  const std::string_view text =
      crypto::AsText(pem.Expose(crypto::AllowSecretAccess()));
  if (!text.starts_with(kPemBegin) || text.size() > 2 * kMaxPkcs8Size) {
    return RefusedPrivate();
  }
  const OpensslPtr<BIO> bio(
      BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  SecureBlock block;
  if (bio == nullptr ||
      PEM_bytes_read_bio_secmem(&block.data, &block.size, nullptr,
                                PEM_STRING_PKCS8INF, bio.get(), NoPassphrase,
                                nullptr) != 1 ||
      BIO_pending(bio.get()) != 0) {
    return RefusedPrivate();
  }
  return FromOpenssl(
      DecodePkcs8({block.data, static_cast<size_t>(block.size)}));
}

absl::StatusOr<crypto::SecretBuffer> PrivateKey::ToPkcs8Der() const {
  const ErrorQueueScope errors;
  const OpensslPtr<BIO> bio(BIO_new(BIO_s_mem()));
  if (bio == nullptr ||
      i2d_PKCS8PrivateKey_bio(bio.get(), key_.get(), nullptr, nullptr, 0,
                              nullptr, nullptr) != 1) {
    return ExportFailed();
  }
  return TakeSecret(*bio);
}

absl::StatusOr<crypto::SecretBuffer> PrivateKey::ToPkcs8Pem() const {
  const ErrorQueueScope errors;
  const OpensslPtr<BIO> bio(BIO_new(BIO_s_mem()));
  if (bio == nullptr ||
      PEM_write_bio_PKCS8PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0,
                                    nullptr, nullptr) != 1) {
    return ExportFailed();
  }
  return TakeSecret(*bio);
}

}  // namespace sodality::pki
