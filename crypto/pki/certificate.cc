#include "crypto/pki/certificate.h"

#include <openssl/bn.h>
#include <openssl/x509.h>

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "crypto/pki/extensions.h"
#include "crypto/pki/x509_codec.h"
#include "crypto/sha256.h"

namespace sodality::pki {
namespace {

constexpr size_t kMaxSerialBytes = 20;  // RFC 5280 section 4.1.2.2.

struct BnFree {
  void operator()(BIGNUM* p) const { BN_free(p); }
};

absl::StatusOr<std::string> SerialOf(const X509& certificate) {
  const std::unique_ptr<BIGNUM, BnFree> number(
      ASN1_INTEGER_to_BN(X509_get0_serialNumber(&certificate), nullptr));
  if (number == nullptr || BN_is_negative(number.get()) ||
      BN_is_zero(number.get()) ||
      BN_num_bytes(number.get()) > static_cast<int>(kMaxSerialBytes)) {
    return absl::InvalidArgumentError("certificate has an invalid serial");
  }
  platform::Bytes bytes(static_cast<size_t>(BN_num_bytes(number.get())));
  BN_bn2bin(number.get(), bytes.data());
  return ToHex(bytes);
}

}  // namespace

Certificate::Certificate(platform::Bytes der, PublicKey public_key)
    : der_(std::move(der)),
      public_key_(std::move(public_key)),
      fingerprint_{crypto::Sha256(der_)} {}

absl::StatusOr<Certificate> Certificate::ParseDer(
    std::span<const uint8_t> der) {
  const ErrorQueueScope errors;
  const auto x509 = DecodeX509(der);
  if (!x509.ok()) return x509.status();
  auto key = PublicKey::FromOpenssl(X509_get0_pubkey(x509->get()));
  if (!key.ok()) return key.status();
  auto identity = CheckLeafExtensions(**x509);
  if (!identity.ok()) return identity.status();
  const auto validity = ValidityOf(**x509);
  if (!validity.ok()) return validity.status();
  auto serial = SerialOf(**x509);
  if (!serial.ok()) return serial.status();

  Certificate out(platform::Bytes(der.begin(), der.end()), *std::move(key));
  out.identity_ = *std::move(identity);
  out.validity_ = *validity;
  out.serial_ = *std::move(serial);
  return out;
}

absl::StatusOr<Certificate> Certificate::ParsePem(std::string_view pem) {
  const ErrorQueueScope errors;
  const auto der = CertificatePemToDer(pem);
  if (!der.ok()) return der.status();
  return ParseDer(*der);
}

std::string Certificate::ToPem() const { return CertificateDerToPem(der_); }

platform::Timestamp RenewalDue(const Validity& validity) {
  const auto life = validity.not_after - validity.not_before;
  return validity.not_before + life * 2 / 3;
}

}  // namespace sodality::pki
