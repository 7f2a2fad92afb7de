// Reads what a backup's chunks say, however they are cut, in constant memory:
// files go on to a sink as they come, and the manifest has to agree with them.
// docs/formats-backup.md section 2. Read next: layout.h.
#ifndef SODALITY_SERVER_CORE_BACKUP_BACKUP_READER_H_
#define SODALITY_SERVER_CORE_BACKUP_BACKUP_READER_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/sha256.h"
#include "server/core/backup/layout.h"
#include "server/store/ids.h"

namespace sodality::core {

// The kinds of files in a backup, in the order in which they stand.
enum class BackupFileKind : uint8_t {
  kChapter,
  kSchema,
  kAuthority,
  kServerKey,
  kServerCertificate,
  kSegment,
  kTombstones,  // Not in a backup of before there were any.
  kStore,
};
// Nothing for a name that no file of a backup has.
std::optional<BackupFileKind> KindOfBackupFile(const std::string& name);

// Takes the files one after the other. What it has taken is not to be used
// before BackupReader::Finish is content. An error ends the reading with it.
class BackupSink {
 public:
  virtual ~BackupSink() = default;
  virtual absl::Status Begin(const BackupFileHeader& file) = 0;
  virtual absl::Status Write(std::span<const uint8_t> bytes) = 0;
  // All `length` bytes of the file are written.
  virtual absl::Status End() = 0;
};

// Thread safety: one user at a time. Lifetime: borrows the sink. Memory: a name
// and a digest for each file, and one manifest. Errors: DATA_LOSS naming what
// is wrong and where; FAILED_PRECONDITION for a manifest of a newer program;
// the sink's. After an error every call gets it.
class BackupReader final {
 public:
  explicit BackupReader(BackupSink& sink) : sink_(sink) {}

  // The next bytes, as many as there are.
  absl::Status Add(std::span<const uint8_t> bytes);
  // Nothing stands behind what was added. Every file of a chapter was there,
  // and the manifest names them as they were.
  absl::StatusOr<BackupManifest> Finish();

 private:
  enum class State : uint8_t { kPart, kHeader, kContent, kManifest };

  // Each takes from the front of `bytes` what it can use.
  absl::Status Step(std::span<const uint8_t>& bytes);
  absl::Status TakePart(uint8_t part);
  absl::Status TakeHeader(std::span<const uint8_t>& bytes);
  absl::Status TakeContent(std::span<const uint8_t>& bytes);
  absl::Status TakeManifest(std::span<const uint8_t>& bytes);
  absl::Status BeginFile(BackupFileHeader file);
  absl::Status EndFileIfWhole();
  absl::Status CheckPlace(const BackupFileHeader& file) const;
  absl::Status CheckComplete() const;
  absl::Status Agree(const BackupManifest& manifest) const;

  BackupSink& sink_;
  absl::Status status_;
  State state_ = State::kPart;
  store::Bytes pending_;  // Of a header or the manifest, until it is whole.
  uint64_t left_ = 0;     // Of the file that is being read.
  uint64_t manifest_bytes_ = 0;
  crypto::Sha256Stream digest_;
  std::vector<BackedUpFile> files_;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_BACKUP_BACKUP_READER_H_
