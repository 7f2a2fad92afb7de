// What an operator is told of a restore: how it failed, or what it did.
#ifndef SODALITY_SERVER_APP_RESTORE_TEXT_H_
#define SODALITY_SERVER_APP_RESTORE_TEXT_H_

#include "absl/status/status.h"
#include "server/app/backup_facts.h"
#include "server/app/exit_code.h"
#include "server/app/restore.h"

namespace sodality::app {

// A failure that the file, its key or the machine is the cause of.
Outcome BackupFailure(const absl::Status& status);
Outcome BackupKeyFailure(const absl::Status& status,
                         const RestoreOptions& options);
// Without anything that says who was revoked since, nobody keeps access.
Outcome NobodyToLetIn();

// To standard error.
void TellRestored(const RestoreOptions& options, const BackupFacts& facts);

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_RESTORE_TEXT_H_
