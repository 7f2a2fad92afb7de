#include "crypto/pki/x509_codec.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <ctime>
#include <memory>

#include "absl/status/status.h"

namespace sodality::pki {
namespace {

constexpr std::string_view kPemBegin = "-----BEGIN CERTIFICATE-----\n";

struct PemFree {
  template <typename T>
  void operator()(T* p) const {
    OPENSSL_free(p);
  }
};

absl::StatusOr<platform::Timestamp> TimeOf(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) {
    return absl::InvalidArgumentError("certificate has an invalid date");
  }
  return platform::Timestamp{int64_t{timegm(&parts)} * 1000};
}

}  // namespace

absl::StatusOr<OpensslPtr<X509>> DecodeX509(std::span<const uint8_t> der) {
  if (der.empty() || der.size() > kMaxCertificateBytes) {
    return absl::InvalidArgumentError("certificate is empty or too large");
  }
  const uint8_t* next = der.data();
  OpensslPtr<X509> x509(
      d2i_X509(nullptr, &next, static_cast<long>(der.size())));
  // Re-encoding refuses trailing bytes and every spelling of the same value
  // but one, so that a certificate has a single fingerprint.
  if (x509 == nullptr || !std::ranges::equal(EncodeX509(*x509), der)) {
    return absl::InvalidArgumentError("not one certificate in DER");
  }
  if (X509_get_version(x509.get()) != X509_VERSION_3) {
    return absl::InvalidArgumentError("certificate is not of version 3");
  }
  if (X509_get_signature_nid(x509.get()) != NID_ecdsa_with_SHA256) {
    return absl::InvalidArgumentError(
        "certificate is not signed with ECDSA and SHA-256");
  }
  return x509;
}

platform::Bytes EncodeX509(const X509& certificate) {
  uint8_t* raw = nullptr;
  const int size = i2d_X509(&certificate, &raw);
  if (size <= 0) return {};
  const std::unique_ptr<uint8_t, PemFree> owned(raw);
  return platform::Bytes(raw, raw + size);
}

absl::StatusOr<platform::Bytes> CertificatePemToDer(std::string_view pem) {
  const absl::Status refused =
      absl::InvalidArgumentError("not exactly one CERTIFICATE block in PEM");
  if (!pem.starts_with(kPemBegin) || pem.size() > 2 * kMaxCertificateBytes) {
    return refused;
  }
  const OpensslPtr<BIO> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  char* name = nullptr;
  char* header = nullptr;
  uint8_t* data = nullptr;
  long size = 0;
  if (bio == nullptr ||
      PEM_read_bio(bio.get(), &name, &header, &data, &size) != 1) {
    return refused;
  }
  const std::unique_ptr<char, PemFree> owned_name(name);
  const std::unique_ptr<char, PemFree> owned_header(header);
  const std::unique_ptr<uint8_t, PemFree> owned_data(data);
  if (*header != '\0' || BIO_pending(bio.get()) != 0) return refused;
  return platform::Bytes(data, data + size);
}

std::string CertificateDerToPem(std::span<const uint8_t> der) {
  const OpensslPtr<BIO> bio(BIO_new(BIO_s_mem()));
  if (bio == nullptr ||
      PEM_write_bio(bio.get(), PEM_STRING_X509, "", der.data(),
                    static_cast<long>(der.size())) <= 0) {
    return {};
  }
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<size_t>(size));
}

absl::StatusOr<Validity> ValidityOf(const X509& certificate) {
  const auto from = TimeOf(X509_get0_notBefore(&certificate));
  if (!from.ok()) return from.status();
  const auto until = TimeOf(X509_get0_notAfter(&certificate));
  if (!until.ok()) return until.status();
  if (*until <= *from) {
    return absl::InvalidArgumentError("certificate ends before it begins");
  }
  return Validity{*from, *until};
}

}  // namespace sodality::pki
