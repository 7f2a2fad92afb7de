// `sodalityd restore`: a data folder from a backup, or the proof that it could
// be made. Read next: unpacking.h, docs/formats-backup.md.
#ifndef SODALITY_SERVER_APP_RESTORE_H_
#define SODALITY_SERVER_APP_RESTORE_H_

#include <string>

#include "server/app/custody.h"
#include "server/app/exit_code.h"

namespace sodality::app {

struct RestoreOptions {
  std::string file;
  std::string data;  // To be made; with verify_only, beside what is checked.
  RootSource root;   // Empty: a passphrase is asked for.
  bool verify_only = false;
  // Of the one who lets everybody else in again; not with verify_only.
  std::string admin;
  std::string invite_out;
  bool json = false;
};

// Everything is unpacked into a folder beside `data`, checked as doctor does
// and compared with the backup's manifest. Then that folder goes (verify_only)
// or becomes `data`, with everybody's access ended and one admin's begun. What
// was half done goes. kConflict when something is there already; kUsage for
// what the line says wrongly; kSealed when the key given is not the backup's;
// kInterrupted; kFailed.
Outcome RunRestore(const RestoreOptions& options);

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_RESTORE_H_
