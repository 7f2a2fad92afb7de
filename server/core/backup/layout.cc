#include "server/core/backup/layout.h"

#include <algorithm>

#include "absl/status/status.h"
#include "crypto/byte_codec.h"
#include "crypto/secret.h"
#include "server/core/byte_builder.h"

namespace sodality::core {
namespace {

constexpr uint8_t kManifestFormat = 1;

absl::Status NoPart() {
  return absl::DataLossError("the backup has a part that is none");
}

bool IsNameByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == '/';
}

}  // namespace

bool IsBackupName(const std::string& name) {
  if (name.empty() || name.size() > BackupFileHeader::kMaxName) return false;
  if (!std::all_of(name.begin(), name.end(), IsNameByte)) return false;
  if (name.front() == '/' || name.back() == '/' || name.front() == '.') {
    return false;
  }
  const size_t slash = name.find('/');
  return slash == std::string::npos ||
         (name[slash + 1] != '.' &&
          name.find('/', slash + 1) == std::string::npos);
}

store::Bytes EncodeBackupFile(const BackupFileHeader& file) {
  ByteBuilder out;
  out.Put(static_cast<uint8_t>(BackupPart::kFile))
      .Put(static_cast<uint16_t>(file.name.size()))
      .Raw(crypto::AsBytes(file.name))
      .Put(file.size)
      .Put(file.length);
  return out.Take();
}

absl::StatusOr<std::optional<BackupFileHeader>> DecodeBackupFile(
    std::span<const uint8_t> bytes) {
  crypto::ByteReader in(bytes);
  BackupFileHeader file;
  const auto length = in.Get<uint16_t>();
  if (in.ok() && length > BackupFileHeader::kMaxName) return NoPart();
  file.name = std::string(crypto::AsText(in.GetBytes(length)));
  file.size = in.Get<uint64_t>();
  file.length = in.Get<uint64_t>();
  if (!in.ok()) return std::optional<BackupFileHeader>();
  if (!IsBackupName(file.name) || file.length > file.size) return NoPart();
  return file;
}

store::Bytes EncodeManifest(const BackupManifest& manifest) {
  ByteBuilder out;
  out.Put(static_cast<uint8_t>(BackupPart::kManifest))
      .Put(kManifestFormat)
      .Put(static_cast<uint64_t>(manifest.created.millis))
      .Put(manifest.revision)
      .Put(manifest.members)
      .Put(manifest.ledger.number)
      .Raw(manifest.ledger.leaf)
      .Put(manifest.ledger.revision)
      .Put(manifest.keyring_generation)
      .Put(static_cast<uint32_t>(manifest.files.size()));
  for (const BackedUpFile& file : manifest.files) {
    out.Put(static_cast<uint16_t>(file.name.size()))
        .Raw(crypto::AsBytes(file.name))
        .Put(file.size)
        .Raw(file.sha256);
  }
  return out.Take();
}

absl::StatusOr<BackupManifest> DecodeManifest(std::span<const uint8_t> bytes) {
  crypto::ByteReader in(bytes);
  const auto format = in.Get<uint8_t>();
  if (!in.ok() || format == 0) return NoPart();
  if (format > kManifestFormat) {
    return absl::FailedPreconditionError(
        "the backup's manifest is newer than this program");
  }
  BackupManifest out;
  out.created.millis = static_cast<int64_t>(in.Get<uint64_t>());
  out.revision = in.Get<uint64_t>();
  out.members = in.Get<uint64_t>();
  out.ledger.number = in.Get<uint64_t>();
  out.ledger.leaf = in.GetArray<32>();
  out.ledger.revision = in.Get<uint64_t>();
  out.keyring_generation = in.Get<uint64_t>();
  const auto files = in.Get<uint32_t>();
  if (!in.ok() || files > BackupManifest::kMaxFiles) return NoPart();
  for (uint32_t i = 0; i < files; ++i) {
    BackedUpFile file;
    file.name = std::string(crypto::AsText(in.GetBytes(in.Get<uint16_t>())));
    file.size = in.Get<uint64_t>();
    file.sha256 = in.GetArray<32>();
    if (!in.ok() || !IsBackupName(file.name)) return NoPart();
    out.files.push_back(std::move(file));
  }
  if (!in.AtEnd()) return NoPart();
  return out;
}

}  // namespace sodality::core
