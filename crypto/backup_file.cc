#include "crypto/backup_file.h"

#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "crypto/aad.h"
#include "crypto/byte_codec.h"

namespace sodality::crypto {
namespace {

// docs/formats-backup.md section 1.
constexpr std::string_view kMagic = "sodality-backup\n";
constexpr uint8_t kFormat = 1;
constexpr uint8_t kAlgorithm = 1;
constexpr size_t kIdSize = 16;
static_assert(kMagic.size() + 2 + kIdSize + 4 == kBackupPrefix);

absl::Status NotABackup() {
  return absl::DataLossError("these bytes are no backup");
}

// Whatever stands in front of the chunks is what their key is made of.
SubKey KeyOf(std::span<const uint8_t> head, const KeyringResealer& resealer) {
  AssociatedData purpose("sodality/backup-key/1");
  purpose.Add(head);
  return resealer.DeriveKey(purpose);
}

AssociatedData ChunkBinding(uint64_t index, bool last) {
  AssociatedData out("sodality/backup/1");
  out.AddU64(index).AddU8(last ? 1 : 0);
  return out;
}

}  // namespace

absl::StatusOr<BackupSealer> BackupSealer::Begin(
    std::span<const uint8_t> keyring_file, const KeyringResealer& resealer,
    Random& random) {
  if (keyring_file.empty() || keyring_file.size() > kMaxBackupKeyring) {
    return absl::InvalidArgumentError(absl::StrCat(
        "a backup's keyring has 1 to ", kMaxBackupKeyring, " bytes"));
  }
  std::vector<uint8_t> head(kBackupPrefix + keyring_file.size());
  ByteWriter out(head);
  out.PutBytes(AsBytes(kMagic));
  out.Put(kFormat);
  out.Put(kAlgorithm);
  random.Fill(out.Take(kIdSize));
  out.Put(static_cast<uint32_t>(keyring_file.size()));
  out.PutBytes(keyring_file);
  SubKey key = KeyOf(head, resealer);
  return BackupSealer(std::move(head), std::move(key), random);
}

std::vector<uint8_t> BackupSealer::Seal(std::span<const uint8_t> chunk,
                                        bool last) {
  std::vector<uint8_t> sealed(kNonceSize + chunk.size() + kTagSize);
  ByteWriter out(sealed);
  const auto nonce = out.Take(kNonceSize).first<kNonceSize>();
  random_->Fill(nonce);
  AeadSeal(key_.Expose(AllowSecretAccess()), nonce,
           ChunkBinding(index_++, last), chunk,
           out.Take(chunk.size() + kTagSize));
  return sealed;
}

absl::StatusOr<size_t> BackupHeadSize(std::span<const uint8_t> prefix) {
  ByteReader in(prefix);
  const bool ours = AsText(in.GetBytes(kMagic.size())) == kMagic;
  const auto format = in.Get<uint8_t>();
  const auto algorithm = in.Get<uint8_t>();
  (void)in.GetBytes(kIdSize);
  const auto keyring = in.Get<uint32_t>();
  if (!in.ok() || !ours || format == 0 || algorithm == 0) return NotABackup();
  if (format > kFormat || algorithm > kAlgorithm) {
    return absl::FailedPreconditionError(
        absl::StrCat("backup format ", format, ".", algorithm,
                     " is unknown (newer than this program?)"));
  }
  if (keyring == 0 || keyring > kMaxBackupKeyring) return NotABackup();
  return kBackupPrefix + keyring;
}

absl::StatusOr<Bytes16> BackupId(std::span<const uint8_t> head) {
  const auto size = BackupHeadSize(head);
  if (!size.ok()) return size.status();
  return ByteReader(head.subspan(kMagic.size() + 2)).GetArray<kIdSize>();
}

absl::StatusOr<std::span<const uint8_t>> BackupKeyring(
    std::span<const uint8_t> head) {
  const auto size = BackupHeadSize(head);
  if (!size.ok()) return size.status();
  if (head.size() != *size) return NotABackup();
  return head.subspan(kBackupPrefix);
}

absl::StatusOr<BackupOpener> BackupOpener::Begin(std::span<const uint8_t> head,
                                                 const RootKey& root) {
  const auto keyring_file = BackupKeyring(head);
  if (!keyring_file.ok()) return keyring_file.status();
  auto opened = OpenKeyringToChange(*keyring_file, root);
  if (!opened.ok()) return opened.status();
  SubKey key = KeyOf(head, opened->resealer);
  return BackupOpener(std::move(opened->keyring), std::move(key));
}

absl::StatusOr<SecretBytes> BackupOpener::Open(std::span<const uint8_t> sealed,
                                               bool last) {
  const absl::Status damaged = absl::DataLossError("the backup is damaged");
  constexpr size_t kOverhead = kNonceSize + kTagSize;
  if (sealed.size() <= kOverhead || sealed.size() > kSealedBackupChunk ||
      (!last && sealed.size() != kSealedBackupChunk)) {
    return damaged;
  }
  SecretBytes chunk = SecretBytes::OfSize(sealed.size() - kOverhead);
  if (!AeadOpen(key_.Expose(AllowSecretAccess()), sealed.first<kNonceSize>(),
                ChunkBinding(index_, last), sealed.subspan(kNonceSize),
                chunk.ExposeMutable(AllowSecretAccess()))) {
    return damaged;
  }
  ++index_;
  return chunk;
}

}  // namespace sodality::crypto
