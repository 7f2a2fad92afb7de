// The operations on one file of FaultVfs, as SQLite calls them. Internal to
// fault_vfs.cc.
#ifndef SODALITY_TESTS_FAULTS_FAULT_VFS_FILE_H_
#define SODALITY_TESTS_FAULTS_FAULT_VFS_FILE_H_

#include <sqlite3.h>

#include "tests/faults/fault_disk.h"

namespace sodality::faults {

// Followed in memory by the system's own file.
struct FaultFile {
  sqlite3_file base;
  sqlite3_file* real;
  DiskFileRef* on_disk;  // Null when there is no disk under it.
  bool names_itself;     // A journal or log: its first sync is the name's too.
};

extern const sqlite3_io_methods kFaultFileMethods;

// What the system's own call answered, where it was called and failed.
int ToCode(DiskResult result, int real, int failed);

}  // namespace sodality::faults

#endif  // SODALITY_TESTS_FAULTS_FAULT_VFS_FILE_H_
