// What a backup's chunks say, made by hand, right or wrong. Invented content.
#ifndef SODALITY_TESTS_CORE_BACKUP_WRITTEN_BACKUP_H_
#define SODALITY_TESTS_CORE_BACKUP_WRITTEN_BACKUP_H_

#include <string>
#include <utility>
#include <vector>

#include "crypto/secret.h"
#include "crypto/sha256.h"
#include "server/core/backup/layout.h"

namespace sodality::core {

struct WrittenFile {
  std::string name;
  std::string content;
  uint64_t zeros = 0;  // Behind the content.
};

// The least that a chapter has.
inline std::vector<WrittenFile> SomeFiles() {
  return {{"chapter.toml", "name = 'Test'\n"},
          {"schema.toml", ""},
          {"ca.pem", "a certificate"},
          {"server.key", "a key"},
          {"server.pem", "another certificate"},
          {"ledger/seg-00000000000000000001", "entries", 1000},
          {"ledger/seg-00000000000000000007", "more entries", 9},
          {"members.2.db", std::string(300, 'p')}};
}

inline void Append(const store::Bytes& more, store::Bytes& bytes) {
  bytes.insert(bytes.end(), more.begin(), more.end());
}

inline store::Bytes WriteFile(const WrittenFile& file) {
  const auto content = crypto::AsBytes(file.content);
  store::Bytes bytes = EncodeBackupFile(
      {file.name, content.size() + file.zeros, content.size()});
  bytes.insert(bytes.end(), content.begin(), content.end());
  return bytes;
}

inline BackupManifest ManifestOf(const std::vector<WrittenFile>& files) {
  BackupManifest manifest;
  manifest.created.millis = 1'790'000'000'000;
  manifest.revision = 12;
  manifest.members = 3;
  manifest.ledger = {8, {1, 2, 3}, 12};
  manifest.keyring_generation = 2;
  for (const WrittenFile& file : files) {
    const auto content = crypto::AsBytes(file.content);
    manifest.files.push_back(
        {file.name, content.size() + file.zeros, crypto::Sha256(content)});
  }
  return manifest;
}

inline store::Bytes WriteBackup(const std::vector<WrittenFile>& files,
                                const BackupManifest& manifest) {
  store::Bytes bytes;
  for (const WrittenFile& file : files) Append(WriteFile(file), bytes);
  Append(EncodeManifest(manifest), bytes);
  return bytes;
}
inline store::Bytes WriteBackup(const std::vector<WrittenFile>& files) {
  return WriteBackup(files, ManifestOf(files));
}

}  // namespace sodality::core

#endif  // SODALITY_TESTS_CORE_BACKUP_WRITTEN_BACKUP_H_
