// The extensions of our certificates, written and checked in one place so that
// the two cannot drift apart. Table: docs/formats-pki.md. For this folder only.
#ifndef SODALITY_CRYPTO_PKI_EXTENSIONS_H_
#define SODALITY_CRYPTO_PKI_EXTENSIONS_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/pki/identity.h"
#include "crypto/pki/key.h"
#include "crypto/pki/openssl_ptr.h"

namespace sodality::pki {

// False when OpenSSL fails (memory).
[[nodiscard]] bool AddCaExtensions(X509& certificate, const PublicKey& key);

struct LeafExtensions {
  const Identity& identity;
  const PublicKey& subject;
  const PublicKey& issuer;
};
[[nodiscard]] bool AddLeafExtensions(X509& certificate,
                                     const LeafExtensions& wanted);

// INVALID_ARGUMENT naming the rule broken. Not const: OpenSSL caches what it
// decodes inside the object.
[[nodiscard]] absl::Status CheckCaExtensions(X509& certificate);
absl::StatusOr<Identity> CheckLeafExtensions(X509& certificate);

// The subject of the root is the common name "Sodality CA <chapter>".
std::string CaName(std::string_view chapter_id);
// INVALID_ARGUMENT when subject and issuer are not both exactly such a name.
absl::StatusOr<std::string> ChapterOfCa(const X509& certificate);

}  // namespace sodality::pki

#endif  // SODALITY_CRYPTO_PKI_EXTENSIONS_H_
