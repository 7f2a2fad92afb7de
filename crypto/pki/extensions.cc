#include "crypto/pki/extensions.h"

#include <openssl/asn1.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>
#include <span>
#include <vector>

#include "absl/strings/str_cat.h"
#include "crypto/sha256.h"

namespace sodality::pki {
namespace {

constexpr std::string_view kCaNamePrefix = "Sodality CA ";
// Offset of the curve point in P-256's SubjectPublicKeyInfo.
constexpr size_t kPointOffset = 26;
constexpr size_t kKeyIdentifierSize = 20;
// Bits of KeyUsage, RFC 5280 section 4.2.1.3.
constexpr int kDigitalSignatureBit = 0;
constexpr int kKeyCertSignBit = 5;
constexpr int kCrlSignBit = 6;

struct Asn1Free {
  void operator()(BASIC_CONSTRAINTS* p) const { BASIC_CONSTRAINTS_free(p); }
  void operator()(ASN1_BIT_STRING* p) const { ASN1_BIT_STRING_free(p); }
  void operator()(EXTENDED_KEY_USAGE* p) const { EXTENDED_KEY_USAGE_free(p); }
  void operator()(GENERAL_NAMES* p) const { GENERAL_NAMES_free(p); }
  void operator()(GENERAL_NAME* p) const { GENERAL_NAME_free(p); }
  void operator()(AUTHORITY_KEYID* p) const { AUTHORITY_KEYID_free(p); }
  // Also ASN1_OCTET_STRING, which is the same type.
};
template <typename T>
using Asn1Ptr = std::unique_ptr<T, Asn1Free>;

bool Add(X509& certificate, int nid, void* value, bool critical) {
  return X509_add1_ext_i2d(&certificate, nid, value, critical ? 1 : 0,
                           X509V3_ADD_DEFAULT) == 1;
}

bool AddBasicConstraints(X509& certificate, bool authority) {
  const Asn1Ptr<BASIC_CONSTRAINTS> value(BASIC_CONSTRAINTS_new());
  if (value == nullptr) return false;
  if (authority) {
    value->ca = 0xff;
    value->pathlen = ASN1_INTEGER_new();
    if (value->pathlen == nullptr || ASN1_INTEGER_set(value->pathlen, 0) != 1) {
      return false;
    }
  }
  return Add(certificate, NID_basic_constraints, value.get(),
             /*critical=*/true);
}

bool AddKeyUsage(X509& certificate, std::span<const int> bits) {
  const Asn1Ptr<ASN1_BIT_STRING> value(ASN1_BIT_STRING_new());
  if (value == nullptr) return false;
  for (const int bit : bits) {
    if (ASN1_BIT_STRING_set_bit(value.get(), bit, 1) != 1) return false;
  }
  return Add(certificate, NID_key_usage, value.get(), /*critical=*/true);
}

int PurposeNid(CertificateKind kind) {
  return kind == CertificateKind::kServer ? NID_server_auth : NID_client_auth;
}

bool AddExtendedKeyUsage(X509& certificate, CertificateKind kind) {
  const Asn1Ptr<EXTENDED_KEY_USAGE> value(EXTENDED_KEY_USAGE_new());
  // An object from OBJ_nid2obj is static; freeing it does nothing.
  return value != nullptr &&
         sk_ASN1_OBJECT_push(value.get(), OBJ_nid2obj(PurposeNid(kind))) > 0 &&
         Add(certificate, NID_ext_key_usage, value.get(), /*critical=*/true);
}

bool PushName(GENERAL_NAMES& names, int type, const std::string& text) {
  Asn1Ptr<GENERAL_NAME> name(GENERAL_NAME_new());
  ASN1_IA5STRING* value = ASN1_IA5STRING_new();
  if (name == nullptr || value == nullptr ||
      ASN1_STRING_set(value, text.data(), static_cast<int>(text.size())) != 1) {
    ASN1_IA5STRING_free(value);
    return false;
  }
  GENERAL_NAME_set0_value(name.get(), type, value);
  if (sk_GENERAL_NAME_push(&names, name.get()) <= 0) return false;
  name.release();
  return true;
}

bool AddNames(X509& certificate, const Identity& identity) {
  const Asn1Ptr<GENERAL_NAMES> names(GENERAL_NAMES_new());
  if (names == nullptr ||
      !PushName(*names, GEN_URI, FormatIdentityUri(identity))) {
    return false;
  }
  if (identity.kind == CertificateKind::kServer &&
      !PushName(*names, GEN_DNS, ServerName(identity.chapter_id))) {
    return false;
  }
  return Add(certificate, NID_subject_alt_name, names.get(),
             /*critical=*/false);
}

// RFC 7093, method 1.
bool SetKeyIdentifier(ASN1_OCTET_STRING& out, const PublicKey& key) {
  const auto hash = crypto::Sha256(
      std::span<const uint8_t>(key.spki_der()).subspan(kPointOffset));
  return ASN1_OCTET_STRING_set(&out, hash.data(), kKeyIdentifierSize) == 1;
}

bool AddSubjectKeyIdentifier(X509& certificate, const PublicKey& key) {
  const Asn1Ptr<ASN1_OCTET_STRING> value(ASN1_OCTET_STRING_new());
  return value != nullptr && SetKeyIdentifier(*value, key) &&
         Add(certificate, NID_subject_key_identifier, value.get(),
             /*critical=*/false);
}

bool AddAuthorityKeyIdentifier(X509& certificate, const PublicKey& issuer) {
  const Asn1Ptr<AUTHORITY_KEYID> value(AUTHORITY_KEYID_new());
  if (value == nullptr) return false;
  value->keyid = ASN1_OCTET_STRING_new();
  return value->keyid != nullptr && SetKeyIdentifier(*value->keyid, issuer) &&
         Add(certificate, NID_authority_key_identifier, value.get(),
             /*critical=*/false);
}

absl::Status Refused(std::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("certificate refused: ", std::string(why)));
}

// Each of `nids` exactly once and nothing else.
bool HasExactly(const X509& certificate, std::vector<int> nids) {
  const int count = X509_get_ext_count(&certificate);
  if (count != static_cast<int>(nids.size())) return false;
  for (int i = 0; i < count; ++i) {
    X509_EXTENSION* extension = X509_get_ext(&certificate, i);
    const int nid = OBJ_obj2nid(X509_EXTENSION_get_object(extension));
    const auto found = std::find(nids.begin(), nids.end(), nid);
    if (found == nids.end()) return false;
    nids.erase(found);
  }
  return true;
}

bool PurposeFits(const X509& certificate, CertificateKind kind) {
  const Asn1Ptr<EXTENDED_KEY_USAGE> usages(static_cast<EXTENDED_KEY_USAGE*>(
      X509_get_ext_d2i(&certificate, NID_ext_key_usage, nullptr, nullptr)));
  return usages != nullptr && sk_ASN1_OBJECT_num(usages.get()) == 1 &&
         OBJ_obj2nid(sk_ASN1_OBJECT_value(usages.get(), 0)) == PurposeNid(kind);
}

struct Names {
  std::vector<std::string> uris;
  std::vector<std::string> dns;
  bool others = false;
};

Names NamesOf(const X509& certificate) {
  Names out;
  const Asn1Ptr<GENERAL_NAMES> names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    int type = 0;
    const void* value =
        GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &type);
    if (type != GEN_URI && type != GEN_DNS) {
      out.others = true;
      continue;
    }
    // By length, never as a C string: a NUL inside must not cut a name short.
    const auto* text = static_cast<const ASN1_STRING*>(value);
    const uint8_t* data = ASN1_STRING_get0_data(text);
    (type == GEN_URI ? out.uris : out.dns)
        .emplace_back(data, data + ASN1_STRING_length(text));
  }
  return out;
}

absl::StatusOr<Identity> IdentityOf(const X509& certificate) {
  const Names names = NamesOf(certificate);
  if (names.uris.size() != 1) {
    return Refused("not exactly one URI among its alternative names");
  }
  if (names.others) return Refused("an alternative name of another type");
  auto identity = ParseIdentityUri(names.uris.front());
  if (!identity.ok()) return Refused(std::string(identity.status().message()));
  std::vector<std::string> expected;
  if (identity->kind == CertificateKind::kServer) {
    expected.push_back(ServerName(identity->chapter_id));
  }
  if (names.dns != expected) {
    return Refused("DNS names other than those of its kind");
  }
  return identity;
}

// The one common name of `name`; empty when there is anything else in it.
std::string OnlyCommonName(const X509_NAME* name) {
  if (X509_NAME_entry_count(name) != 1) return {};
  const X509_NAME_ENTRY* entry = X509_NAME_get_entry(name, 0);
  if (OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry)) != NID_commonName) {
    return {};
  }
  const ASN1_STRING* text = X509_NAME_ENTRY_get_data(entry);
  const uint8_t* data = ASN1_STRING_get0_data(text);
  return std::string(data, data + ASN1_STRING_length(text));
}

}  // namespace

bool AddCaExtensions(X509& certificate, const PublicKey& key) {
  return AddBasicConstraints(certificate, /*authority=*/true) &&
         AddKeyUsage(certificate, {{kKeyCertSignBit, kCrlSignBit}}) &&
         AddSubjectKeyIdentifier(certificate, key);
}

bool AddLeafExtensions(X509& certificate, const LeafExtensions& wanted) {
  return AddBasicConstraints(certificate, /*authority=*/false) &&
         AddKeyUsage(certificate, {{kDigitalSignatureBit}}) &&
         AddExtendedKeyUsage(certificate, wanted.identity.kind) &&
         AddNames(certificate, wanted.identity) &&
         AddSubjectKeyIdentifier(certificate, wanted.subject) &&
         AddAuthorityKeyIdentifier(certificate, wanted.issuer);
}

absl::Status CheckCaExtensions(X509& certificate) {
  if (!HasExactly(certificate, {NID_basic_constraints, NID_key_usage,
                                NID_subject_key_identifier})) {
    return Refused("not the extensions of an authority");
  }
  const uint32_t flags = X509_get_extension_flags(&certificate);
  if ((flags & EXFLAG_INVALID) != 0) return Refused("malformed extension");
  if ((flags & EXFLAG_CA) == 0) return Refused("no authority");
  if (X509_get_pathlen(&certificate) != 0) return Refused("path length not 0");
  if (X509_get_key_usage(&certificate) != (KU_KEY_CERT_SIGN | KU_CRL_SIGN)) {
    return Refused("key usage not that of an authority");
  }
  return absl::OkStatus();
}

absl::StatusOr<Identity> CheckLeafExtensions(X509& certificate) {
  if (!HasExactly(certificate,
                  {NID_basic_constraints, NID_key_usage, NID_ext_key_usage,
                   NID_subject_alt_name, NID_subject_key_identifier,
                   NID_authority_key_identifier})) {
    return Refused("missing, repeated or unknown extension");
  }
  const uint32_t flags = X509_get_extension_flags(&certificate);
  if ((flags & EXFLAG_INVALID) != 0) return Refused("malformed extension");
  if ((flags & EXFLAG_CA) != 0) return Refused("an authority");
  if (X509_get_key_usage(&certificate) != KU_DIGITAL_SIGNATURE) {
    return Refused("key usage not signing alone");
  }
  auto identity = IdentityOf(certificate);
  if (!identity.ok()) return identity;
  if (!PurposeFits(certificate, identity->kind)) {
    return Refused("extended key usage not that of its kind");
  }
  return identity;
}

std::string CaName(std::string_view chapter_id) {
  return std::string(kCaNamePrefix) + std::string(chapter_id);
}

absl::StatusOr<std::string> ChapterOfCa(const X509& certificate) {
  const std::string subject =
      OnlyCommonName(X509_get_subject_name(&certificate));
  if (subject != OnlyCommonName(X509_get_issuer_name(&certificate))) {
    return Refused("not self-issued");
  }
  const std::string_view name = subject;
  if (!name.starts_with(kCaNamePrefix) ||
      !IsId(name.substr(kCaNamePrefix.size()))) {
    return Refused("its name is not that of a chapter's authority");
  }
  return std::string(name.substr(kCaNamePrefix.size()));
}

}  // namespace sodality::pki
