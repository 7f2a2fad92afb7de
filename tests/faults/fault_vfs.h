// A file layer under SQLCipher that fails when told to, and remembers what was
// opened. Installed as the default of the process; it passes everything on to
// the system's.
#ifndef SODALITY_TESTS_FAULTS_FAULT_VFS_H_
#define SODALITY_TESTS_FAULTS_FAULT_VFS_H_

#include <cstdint>
#include <string>

#include "platform/mutex.h"
#include "tests/faults/fault_disk.h"

namespace sodality::faults {

enum class FaultKind {
  kInputOutput,  // EIO.
  kDiskFull,     // ENOSPC.
  kTornWrite,    // Half of the bytes arrive, then EIO.
  kKill,         // The process dies by SIGKILL; of a write half arrives.
};

enum class Operation { kWrite, kSync, kWriteOrSync };

struct Fault {
  FaultKind kind = FaultKind::kInputOutput;
  Operation operation = Operation::kWriteOrSync;
  int after = 0;        // Operations that pass first.
  bool sticky = false;  // Fails from then on, not once.
};

// Thread safety: safe.
class FaultVfs {
 public:
  // The one of this process; registered at the first call, before which no
  // database may be open.
  static FaultVfs& Installed();

  // From now on files in the folder of `disk` are on that disk; null: on none.
  // To be called while no database is open.
  void Mount(FaultDisk* disk);
  FaultDisk* disk();

  void Arm(const Fault& fault);
  void Disarm();
  // Whether the armed fault has struck.
  [[nodiscard]] bool struck();

  // Since the last ResetCounts, on every file.
  void ResetCounts();
  [[nodiscard]] int writes();
  [[nodiscard]] int syncs();
  // Files that SQLite asked for to spill a sort or a temporary table into.
  [[nodiscard]] int temporary_files();

  // Called by the files themselves. What is to go wrong now, if anything.
  struct Verdict {
    bool fails = false;
    FaultKind kind = FaultKind::kInputOutput;
  };
  Verdict OnWrite() { return On(Operation::kWrite); }
  Verdict OnSync() { return On(Operation::kSync); }
  void OnTemporaryFile();

 private:
  FaultVfs() = default;
  Verdict On(Operation operation);

  platform::Mutex mutex_;
  FaultDisk* disk_ SODALITY_GUARDED_BY(mutex_) = nullptr;
  Fault fault_ SODALITY_GUARDED_BY(mutex_);
  bool armed_ SODALITY_GUARDED_BY(mutex_) = false;
  bool struck_ SODALITY_GUARDED_BY(mutex_) = false;
  int writes_ SODALITY_GUARDED_BY(mutex_) = 0;
  int syncs_ SODALITY_GUARDED_BY(mutex_) = 0;
  int temporary_ SODALITY_GUARDED_BY(mutex_) = 0;
};

}  // namespace sodality::faults

#endif  // SODALITY_TESTS_FAULTS_FAULT_VFS_H_
