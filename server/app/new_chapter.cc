#include "server/app/new_chapter.h"

#include <utility>

#include "crypto/keyring_file.h"
#include "crypto/pki/authority.h"
#include "crypto/random.h"
#include "platform/clock.h"
#include "platform/file.h"
#include "server/app/new_file.h"
#include "server/app/public_state.h"
#include "server/app/unsealing.h"
#include "server/core/schema.h"
#include "server/core/search_index.h"
#include "text/base32.h"

namespace sodality::app {
namespace {

absl::Status WriteText(const std::string& path, std::string_view text) {
  return WriteNewFile(path, crypto::AsBytes(text));
}

absl::StatusOr<crypto::Keyring> WriteKeyring(
    const DataFolder& folder, const NewChapter& chapter,
    const crypto::Root& root, const pki::CertificateAuthority& authority) {
  const auto now = platform::SystemClock().Now();
  crypto::Keyring keyring =
      crypto::Keyring::Create({chapter.file.info.id.bytes,
                               core::PlanIndex(chapter.expected_members), now},
                              crypto::SystemRandom());
  const uint32_t version =
      keyring.PrepareCa(crypto::CaKey{authority.key().Clone()}, now);
  const absl::Status active = keyring.Activate(crypto::KeyKind::kCa, version);
  if (!active.ok()) return active;
  const absl::Status stored =
      crypto::KeyringFile(platform::PosixFileSystem(), folder.keyring())
          .Store(keyring, {&root, 1}, crypto::SystemRandom());
  if (!stored.ok()) return stored;
  return keyring;
}

absl::Status WriteServerIdentity(const DataFolder& folder,
                                 const pki::CertificateAuthority& authority) {
  const auto key = pki::PrivateKey::Generate();
  if (!key.ok()) return key.status();
  const auto certificate = authority.IssueServer(
      key->public_key(),
      text::EncodeBase32(crypto::RandomId(crypto::SystemRandom())),
      platform::SystemClock().Now());
  if (!certificate.ok()) return certificate.status();
  const auto pem = key->ToPkcs8Pem();
  if (!pem.ok()) return pem.status();
  absl::Status status = WriteNewFile(folder.server_key(),
                                     pem->Expose(crypto::AllowSecretAccess()));
  if (status.ok()) {
    status = WriteText(folder.server_certificate(), certificate->ToPem());
  }
  return status;
}

absl::Status WritePublicFiles(const DataFolder& folder,
                              const NewChapter& chapter,
                              const pki::CertificateAuthority& authority) {
  absl::Status status =
      WriteText(folder.chapter(), FormatChapterFile(chapter.file));
  if (status.ok()) {
    status = WriteText(folder.schema(),
                       core::Schema::DefaultToml(chapter.expected_members));
  }
  if (status.ok()) {
    status = WriteText(folder.authority(), authority.certificate().ToPem());
  }
  if (status.ok()) status = WriteServerIdentity(folder, authority);
  return status;
}

}  // namespace

absl::StatusOr<crypto::SecretBytes> WriteNewChapter(const DataFolder& folder,
                                                    const NewChapter& chapter,
                                                    const crypto::Root& root) {
  const auto authority = pki::CertificateAuthority::Create(
      text::EncodeBase32(chapter.file.info.id.bytes),
      platform::SystemClock().Now());
  if (!authority.ok()) return authority.status();
  const absl::Status files = WritePublicFiles(folder, chapter, *authority);
  if (!files.ok()) return files;
  auto keyring = WriteKeyring(folder, chapter, root, *authority);
  if (!keyring.ok()) return keyring.status();
  // From here on as a server would read it.
  const auto state = LoadPublicState(folder);
  if (!state.ok()) return state.status();
  auto store = OpenStore(folder, *keyring, Purpose::kSetUp);
  if (!store.ok()) return store.status();
  const auto opened =
      OpenCore(*state, *std::move(keyring), *std::move(store), Purpose::kSetUp);
  if (!opened.ok()) return opened.status();
  auto invite = (*opened)->access_control().CreateFirstAdmin(chapter.admin);
  if (!invite.ok()) return invite.status();
  return std::move(invite->file);
}

}  // namespace sodality::app
