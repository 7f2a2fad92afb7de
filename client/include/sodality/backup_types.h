// A backup of the whole chapter, as whoever keeps it sees it. Read next:
// client.h.
#ifndef SODALITY_CLIENT_INCLUDE_SODALITY_BACKUP_TYPES_H_
#define SODALITY_CLIENT_INCLUDE_SODALITY_BACKUP_TYPES_H_

#include <cstdint>
#include <optional>
#include <string>

#include "sodality/types.h"

namespace sodality {

// What a backup holds, and as of when. Its bytes open with the chapter's root
// key alone.
struct BackupInfo {
  // 26 base32 characters; in the ledger, too.
  std::string id = {};
  // When it was made.
  std::optional<Time> created = {};
  // Of the database.
  uint64_t revision = 0;
  // How many there are.
  uint64_t members = 0;
  // Of the ledger.
  uint64_t entries = 0;
  // Of the whole file.
  uint64_t bytes = 0;
};

}  // namespace sodality

#endif  // SODALITY_CLIENT_INCLUDE_SODALITY_BACKUP_TYPES_H_
