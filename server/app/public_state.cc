#include "server/app/public_state.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "crypto/pki/key.h"
#include "crypto/pki/verify.h"
#include "platform/file.h"
#include "server/app/named_file.h"
#include "text/base32.h"

namespace sodality::app {
namespace {

constexpr uint64_t kMaxFileBytes = 1 << 20;

absl::StatusOr<std::string> ReadText(const std::string& path) {
  auto bytes =
      platform::ReadFile(platform::PosixFileSystem(), path, kMaxFileBytes);
  if (!bytes.ok()) return bytes.status();
  return std::string(bytes->begin(), bytes->end());
}

absl::StatusOr<crypto::SecretBuffer> ReadSecret(const std::string& path) {
  auto bytes =
      platform::ReadFile(platform::PosixFileSystem(), path, kMaxFileBytes);
  if (!bytes.ok()) return bytes.status();
  auto secret = crypto::SecretBuffer::CopyOf(*bytes);
  crypto::Wipe(*bytes);
  return secret;
}

template <class Certificate>
absl::StatusOr<Certificate> ReadCertificate(const std::string& path) {
  const auto pem = ReadText(path);
  if (!pem.ok()) return pem.status();
  auto certificate = Certificate::ParsePem(*pem);
  if (!certificate.ok()) return InFile(path, certificate.status());
  return certificate;
}

absl::Status CheckOneChapter(const PublicState& state) {
  const std::string id = text::EncodeBase32(state.chapter.info.id.bytes);
  if (state.authority.chapter_id() == id &&
      state.server_certificate.identity().chapter_id == id) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(
      "chapter.toml, ca.pem and server.pem are not of one chapter");
}

// Else TLS would fail at every handshake, and nobody be told why. Whether it
// still holds is not asked: unsealing renews it.
absl::Status CheckTlsParts(const PublicState& state) {
  const auto key = pki::PrivateKey::FromPkcs8Pem(state.server_key_pem);
  if (!key.ok()) return InFile(state.folder.server_key(), key.status());
  const pki::Certificate& certificate = state.server_certificate;
  if (!(key->public_key() == certificate.public_key())) {
    return absl::FailedPreconditionError(
        "server.key is not the key of server.pem");
  }
  const auto verdict = pki::JudgeCertificate(state.authority, certificate,
                                             pki::CertificateKind::kServer,
                                             certificate.validity().not_before);
  if (verdict == pki::CertificateVerdict::kValid) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("server.pem: ", std::string(pki::VerdictName(verdict))));
}

}  // namespace

absl::StatusOr<pki::Certificate> LoadServerCertificate(
    const DataFolder& folder) {
  return ReadCertificate<pki::Certificate>(folder.server_certificate());
}

absl::StatusOr<PublicState> LoadPublicState(const DataFolder& folder) {
  const auto chapter_text = ReadText(folder.chapter());
  if (!chapter_text.ok()) return chapter_text.status();
  auto chapter = ParseChapterFile(*chapter_text);
  if (!chapter.ok()) return chapter.status();
  const auto schema_text = ReadText(folder.schema());
  if (!schema_text.ok()) return schema_text.status();
  auto schema = core::Schema::Parse(*schema_text, "schema.toml");
  if (!schema.ok()) return schema.status();
  auto authority = ReadCertificate<pki::CaCertificate>(folder.authority());
  if (!authority.ok()) return authority.status();
  auto server = LoadServerCertificate(folder);
  if (!server.ok()) return server.status();
  auto key = ReadSecret(folder.server_key());
  if (!key.ok()) return key.status();
  PublicState state{folder,
                    *std::move(chapter),
                    *std::move(schema),
                    *std::move(authority),
                    *std::move(server),
                    *std::move(key)};
  const absl::Status one = CheckOneChapter(state);
  if (!one.ok()) return one;
  const absl::Status tls = CheckTlsParts(state);
  if (!tls.ok()) return tls;
  return state;
}

}  // namespace sodality::app
