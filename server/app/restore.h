// `sodalityd restore`: a data folder from a backup, or the proof that it could
// be made. Read next: unpacking.h, docs/formats-backup.md.
#ifndef SODALITY_SERVER_APP_RESTORE_H_
#define SODALITY_SERVER_APP_RESTORE_H_

#include <string>
#include <vector>

#include "server/app/custody.h"
#include "server/app/exit_code.h"

namespace sodality::app {

struct RestoreOptions {
  std::string file;
  std::string data;  // To be made; with verify_only, beside what is checked.
  RootSource root;   // Empty: a passphrase is asked for.
  bool verify_only = false;
  // Copies of the chapter's file `tombstones`, newer than the backup.
  std::vector<std::string> tombstones;
  // Of one who lets others in; not with verify_only. Both, or neither where
  // tombstones say what ended since.
  std::string admin;
  std::string invite_out;
  bool json = false;
};

// Everything is unpacked into a folder beside `data`, checked as doctor does
// and compared with the backup's manifest. Then that folder goes (verify_only)
// or becomes `data`: whoever was erased since, as far as tombstones tell, is
// erased again; what they say has ended ends, and everybody's access when there
// are none that are newer than the backup. What was half done goes. kConflict
// when something is there already; kUsage for what the line says wrongly;
// kSealed when the key given is not the backup's; kInterrupted; kFailed.
Outcome RunRestore(const RestoreOptions& options);

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_RESTORE_H_
