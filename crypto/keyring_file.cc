#include "crypto/keyring_file.h"

#include <filesystem>

namespace sodality::crypto {
namespace {

constexpr uint64_t kMaxFileSize = 4 << 20;

}  // namespace

absl::StatusOr<platform::Bytes> KeyringFile::Read() const {
  return platform::ReadFile(fs_, path_, kMaxFileSize);
}

absl::StatusOr<std::vector<RootSlot>> KeyringFile::Slots() const {
  const auto bytes = Read();
  if (!bytes.ok()) return bytes.status();
  return ReadRootSlots(*bytes);
}

absl::StatusOr<Keyring> KeyringFile::Load(const RootKey& root) const {
  const auto bytes = Read();
  if (!bytes.ok()) return bytes.status();
  return OpenKeyring(*bytes, root);
}

absl::StatusOr<OpenedKeyring> KeyringFile::LoadToChange(
    const RootKey& root) const {
  const auto bytes = Read();
  if (!bytes.ok()) return bytes.status();
  const auto folder = std::filesystem::path(path_).parent_path();
  const absl::Status durable =
      fs_.SyncFolder(folder.empty() ? "." : folder.string());
  if (!durable.ok()) return durable;
  return OpenKeyringToChange(*bytes, root);
}

absl::StatusOr<Root> KeyringFile::RootFor(const SecretBytes& passphrase) const {
  const auto bytes = Read();
  if (!bytes.ok()) return bytes.status();
  return RootFromPassphrase(*bytes, passphrase);
}

absl::Status KeyringFile::Store(const Keyring& keyring,
                                std::span<const Root> roots,
                                Random& random) const {
  const auto sealed = SealKeyring(keyring, roots, random);
  if (!sealed.ok()) return sealed.status();
  return platform::ReplaceFile(fs_, path_, *sealed);
}

absl::Status KeyringFile::Store(const Keyring& keyring,
                                const KeyringResealer& resealer,
                                Random& random) const {
  return platform::ReplaceFile(fs_, path_, resealer.Seal(keyring, random));
}

absl::StatusOr<BackupSealer> KeyringFile::BeginBackup(
    const KeyringResealer& resealer, Random& random) const {
  const auto bytes = Read();
  if (!bytes.ok()) return bytes.status();
  return BackupSealer::Begin(*bytes, resealer, random);
}

}  // namespace sodality::crypto
