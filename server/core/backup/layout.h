// What a backup's chunks say, one after the other: files, then one manifest.
// docs/formats-backup.md section 2. Read next: backup.h, backup_reader.h.
#ifndef SODALITY_SERVER_CORE_BACKUP_LAYOUT_H_
#define SODALITY_SERVER_CORE_BACKUP_LAYOUT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "crypto/random.h"
#include "platform/clock.h"
#include "server/core/ledger/entry.h"
#include "server/store/ids.h"

namespace sodality::core {

enum class BackupPart : uint8_t { kFile = 1, kManifest = 2 };

// In front of a file's bytes. A name is relative to the data folder; one '/' at
// most stands in it.
struct BackupFileHeader {
  static constexpr size_t kMaxName = 200;
  // Of the encoded header without the name: part, name's length, both sizes.
  static constexpr size_t kFixedBytes = 1 + 2 + 8 + 8;

  std::string name;
  uint64_t size = 0;    // Of the file.
  uint64_t length = 0;  // The bytes that follow; zeros are the rest of it.
};
store::Bytes EncodeBackupFile(const BackupFileHeader& file);
// Letters, digits, '.' and '-', one folder at most, no leading dot.
[[nodiscard]] bool IsBackupName(const std::string& name);

struct BackedUpFile {
  std::string name;
  uint64_t size = 0;
  crypto::Bytes32 sha256{};  // Of its `length` bytes.
  friend bool operator==(const BackedUpFile&, const BackedUpFile&) = default;
};

// What stands in a backup, as of one moment. Public facts.
struct BackupManifest {
  static constexpr size_t kMaxFiles = 1 << 20;

  platform::Timestamp created;
  store::Revision revision = 0;  // The database's.
  uint64_t members = 0;
  Head ledger;
  uint64_t keyring_generation = 0;
  std::vector<BackedUpFile> files;  // In the order in which they stand.
};
store::Bytes EncodeManifest(const BackupManifest& manifest);

// Bytes of a manifest behind its part's number. DATA_LOSS for what is none.
absl::StatusOr<BackupManifest> DecodeManifest(std::span<const uint8_t> bytes);

// Bytes of a file's header behind its part's number, of which there may be
// more. Nothing: more are needed. DATA_LOSS for what is none.
absl::StatusOr<std::optional<BackupFileHeader>> DecodeBackupFile(
    std::span<const uint8_t> bytes);

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_BACKUP_LAYOUT_H_
