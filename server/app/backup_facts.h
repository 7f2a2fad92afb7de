// What a backup is, as far as it is no secret. Read next: restore.h.
#ifndef SODALITY_SERVER_APP_BACKUP_FACTS_H_
#define SODALITY_SERVER_APP_BACKUP_FACTS_H_

#include <optional>
#include <string>
#include <vector>

#include "crypto/keyring.h"
#include "crypto/random.h"
#include "crypto/root_slot.h"
#include "server/app/findings.h"
#include "server/core/access/access_control.h"
#include "server/core/backup/layout.h"
#include "server/core/chapter.h"

namespace sodality::app {

struct BackupFacts {
  crypto::Bytes16 id{};
  core::ChapterInfo chapter;
  core::BackupManifest manifest;
  std::vector<crypto::RootSlot> slots;
  std::vector<crypto::KeyInfo> keys;
  // Until when it is known what ended after the backup; nothing: it is not.
  std::optional<platform::Timestamp> known_until;
  // Of what was restored.
  std::optional<core::RestoreOutput> restored;
};

// Lines for people, or one JSON line, to standard output.
void PrintBackupFacts(const BackupFacts& facts, bool json);

// Whether the chapter that was opened is the one that the manifest names.
void CheckManifest(const core::BackupManifest& manifest, core::Chapter& chapter,
                   Findings& findings);

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_BACKUP_FACTS_H_
