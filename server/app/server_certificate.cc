#include "server/app/server_certificate.h"

#include <utility>

#include "crypto/pki/authority.h"
#include "platform/file.h"

namespace sodality::app {

absl::StatusOr<bool> RenewServerCertificate(const PublicState& state,
                                            const crypto::Keyring& keyring,
                                            platform::Timestamp now) {
  const pki::Certificate& old = state.server_certificate;
  if (now < pki::RenewalDue(old.validity())) return false;
  const auto sealed = keyring.Active<crypto::CaKey>();
  if (!sealed.ok()) return sealed.status();
  const auto key = pki::PrivateKey::FromPkcs8Der(sealed->key.pkcs8);
  if (!key.ok()) return key.status();
  const auto authority = pki::CertificateAuthority::Load(*key, state.authority);
  if (!authority.ok()) return authority.status();
  const auto renewed =
      authority->IssueServer(old.public_key(), old.identity().id, now);
  if (!renewed.ok()) return renewed.status();
  const std::string pem = renewed->ToPem();
  const absl::Status written = platform::ReplaceFile(
      platform::PosixFileSystem(), state.folder.server_certificate(),
      crypto::AsBytes(pem));
  if (!written.ok()) return written;
  return true;
}

}  // namespace sodality::app
