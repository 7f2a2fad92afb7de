#include "server/app/unsealing.h"

#include <string>
#include <utility>

#include "crypto/keyring_file.h"
#include "crypto/random.h"
#include "platform/clock.h"
#include "platform/file.h"
#include "text/normalise.h"

namespace sodality::app {
namespace {

// Tokens of another version of the text rules would silently find nothing.
absl::Status CheckIndex(const crypto::Keyring& keyring) {
  for (const crypto::KeyInfo& info : keyring.Infos()) {
    if (info.kind != crypto::KeyKind::kIndex || !info.index ||
        info.state != crypto::KeyState::kActive) {
      continue;
    }
    if (info.index->normaliser_version != text::kNormaliserVersion) {
      return absl::FailedPreconditionError(
          "the index was made by version " +
          std::to_string(info.index->normaliser_version) +
          " of the text rules; this program has version " +
          std::to_string(text::kNormaliserVersion));
    }
  }
  return absl::OkStatus();
}

crypto::KeyringFile FileOf(const PublicState& state) {
  return {platform::PosixFileSystem(), state.folder.keyring()};
}

absl::StatusOr<crypto::OpenedKeyring> OpenKeyringToChange(
    const PublicState& state, const crypto::RootKey& root) {
  auto opened = FileOf(state).LoadToChange(root);
  if (!opened.ok()) return opened.status();
  if (opened->keyring.chapter_id() != state.chapter.info.id.bytes) {
    return absl::FailedPreconditionError(
        "the keyring is another chapter's than chapter.toml names");
  }
  const absl::Status index = CheckIndex(opened->keyring);
  if (!index.ok()) return index;
  return opened;
}

}  // namespace

absl::StatusOr<crypto::Keyring> OpenKeyring(const PublicState& state,
                                            const crypto::RootKey& root) {
  auto opened = OpenKeyringToChange(state, root);
  if (!opened.ok()) return opened.status();
  return std::move(opened->keyring);
}

absl::StatusOr<std::unique_ptr<store::SqlcipherStore>> OpenStore(
    const DataFolder& folder, const crypto::Keyring& keyring, Purpose purpose) {
  const auto key = keyring.Active<crypto::PageKey>();
  if (!key.ok()) return key.status();
  return store::SqlcipherStore::Open(
      {.path = folder.store(),
       .page_version = key->version,
       .key = key->key.Expose(crypto::AllowSecretAccess()),
       .create = purpose == Purpose::kSetUp,
       .examine = purpose == Purpose::kExamine});
}

absl::StatusOr<std::unique_ptr<core::Chapter>> OpenCore(
    const PublicState& state, crypto::Keyring keyring,
    std::unique_ptr<store::MemberStore> store, Purpose purpose,
    std::shared_ptr<RootFiles> roots) {
  core::KeyringStoring store_keyring;
  core::BackupBeginning begin_backup;
  if (roots != nullptr) {
    store_keyring = [roots](const crypto::Keyring& changed) {
      return roots->StoreChanged(changed);
    };
    begin_backup = [roots] { return roots->BeginBackup(); };
  }
  return core::Chapter::Open({.data_folder = state.folder.path(),
                              .info = state.chapter.info,
                              .schema = state.schema,
                              .fs = platform::PosixFileSystem(),
                              .clock = platform::SystemClock(),
                              .random = crypto::SystemRandom(),
                              .create = purpose == Purpose::kSetUp,
                              .examine = purpose == Purpose::kExamine,
                              .store_keyring = std::move(store_keyring),
                              .begin_backup = std::move(begin_backup),
                              .public_files = DataFolder::PublicFiles(),
                              .roots = std::move(roots)},
                             std::move(keyring), state.authority,
                             std::move(store));
}

absl::StatusOr<std::unique_ptr<core::Chapter>> OpenChapter(
    const PublicState& state, const crypto::RootKey& root,
    const RootPlace& place) {
  auto opened = OpenKeyringToChange(state, root);
  if (!opened.ok()) return opened.status();
  auto store = OpenStore(state.folder, opened->keyring, Purpose::kServe);
  if (!store.ok()) return store.status();
  auto roots = std::make_shared<RootFiles>(
      RootFilesOptions{.fs = platform::PosixFileSystem(),
                       .keyring = state.folder.keyring(),
                       .place = place,
                       .random = crypto::SystemRandom()},
      std::move(opened->resealer));
  return OpenCore(state, std::move(opened->keyring), *std::move(store),
                  Purpose::kServe, std::move(roots));
}

}  // namespace sodality::app
