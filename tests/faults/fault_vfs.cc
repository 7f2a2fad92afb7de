#include "tests/faults/fault_vfs.h"

#include <sqlite3.h>

#include <cstdlib>
#include <utility>

#include "tests/faults/fault_vfs_file.h"

namespace sodality::faults {
namespace {

sqlite3_vfs* g_system = nullptr;

int Open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags,
         int* out_flags) {
  constexpr int kTemporary = SQLITE_OPEN_TEMP_DB | SQLITE_OPEN_TEMP_JOURNAL |
                             SQLITE_OPEN_TRANSIENT_DB | SQLITE_OPEN_SUBJOURNAL;
  if (name == nullptr || (flags & kTemporary) != 0) {
    FaultVfs::Installed().OnTemporaryFile();
  }
  auto* const fault = reinterpret_cast<FaultFile*>(file);
  fault->real = reinterpret_cast<sqlite3_file*>(fault + 1);
  fault->base.pMethods = nullptr;
  fault->on_disk = nullptr;
  fault->names_itself = false;
  int code = SQLITE_OK;
  const auto open = [&] {
    code = g_system->xOpen(g_system, name, fault->real, flags, out_flags);
    return code == SQLITE_OK;
  };
  FaultDisk* const disk = FaultVfs::Installed().disk();
  // A new database was made by the program just now, and its name synced.
  const bool made = (flags & (SQLITE_OPEN_CREATE | SQLITE_OPEN_MAIN_DB)) != 0 &&
                    (flags & SQLITE_OPEN_READONLY) == 0;
  if (disk != nullptr && name != nullptr && !disk->Opened(name) && made) {
    const auto result = disk->Create(name, open);
    if (result != DiskResult::kDone && code == SQLITE_OK) {
      return SQLITE_CANTOPEN;
    }
    fault->names_itself = true;
  } else {
    open();
  }
  if (fault->real->pMethods != nullptr)
    fault->base.pMethods = &kFaultFileMethods;
  if (code != SQLITE_OK || disk == nullptr || name == nullptr) return code;
  if (auto on_disk = disk->Opened(name)) {
    fault->on_disk = new DiskFileRef(std::move(on_disk));
  }
  return code;
}

// The system's VFS looks at its own pointer in these.
int Delete(sqlite3_vfs*, const char* name, int sync) {
  FaultDisk* const disk = FaultVfs::Installed().disk();
  if (disk != nullptr && disk->Opened(name)) {
    int code = SQLITE_OK;
    const auto result = disk->Remove(name, [&] {
      code = g_system->xDelete(g_system, name, 0);
      return code == SQLITE_OK;
    });
    if (result == DiskResult::kDone && sync != 0) {
      const auto synced = disk->SyncFolder(disk->folder(), [] { return true; });
      if (synced != DiskResult::kDone) return SQLITE_IOERR_DIR_FSYNC;
    }
    return ToCode(result, code, SQLITE_IOERR_DELETE);
  }
  return g_system->xDelete(g_system, name, sync);
}

int Access(sqlite3_vfs*, const char* name, int flags, int* result) {
  return g_system->xAccess(g_system, name, flags, result);
}

int FullPathname(sqlite3_vfs*, const char* name, int size, char* out) {
  return g_system->xFullPathname(g_system, name, size, out);
}

int Randomness(sqlite3_vfs*, int size, char* out) {
  return g_system->xRandomness(g_system, size, out);
}

int Sleep(sqlite3_vfs*, int micros) {
  return g_system->xSleep(g_system, micros);
}

int CurrentTimeInt64(sqlite3_vfs*, sqlite3_int64* now) {
  return g_system->xCurrentTimeInt64(g_system, now);
}

int GetLastError(sqlite3_vfs*, int size, char* out) {
  return g_system->xGetLastError(g_system, size, out);
}

void Register() {
  static sqlite3_vfs vfs;
  g_system = sqlite3_vfs_find(nullptr);
  vfs = *g_system;
  vfs.zName = "fault";
  vfs.szOsFile += static_cast<int>(sizeof(FaultFile));
  vfs.pNext = nullptr;
  vfs.xOpen = Open;
  vfs.xDelete = Delete;
  vfs.xAccess = Access;
  vfs.xFullPathname = FullPathname;
  vfs.xRandomness = Randomness;
  vfs.xSleep = Sleep;
  vfs.xCurrentTimeInt64 = CurrentTimeInt64;
  vfs.xGetLastError = GetLastError;
  if (sqlite3_vfs_register(&vfs, /*makeDflt=*/1) != SQLITE_OK) std::abort();
}

}  // namespace

FaultVfs& FaultVfs::Installed() {
  static FaultVfs* const instance = [] {
    Register();
    return new FaultVfs;
  }();
  return *instance;
}

void FaultVfs::Mount(FaultDisk* disk) {
  const platform::MutexLock lock(mutex_);
  disk_ = disk;
}

FaultDisk* FaultVfs::disk() {
  const platform::MutexLock lock(mutex_);
  return disk_;
}

void FaultVfs::Arm(const Fault& fault) {
  const platform::MutexLock lock(mutex_);
  fault_ = fault;
  armed_ = true;
  struck_ = false;
}

void FaultVfs::Disarm() {
  const platform::MutexLock lock(mutex_);
  armed_ = false;
}

bool FaultVfs::struck() {
  const platform::MutexLock lock(mutex_);
  return struck_;
}

void FaultVfs::ResetCounts() {
  const platform::MutexLock lock(mutex_);
  writes_ = 0;
  syncs_ = 0;
  temporary_ = 0;
}

int FaultVfs::writes() {
  const platform::MutexLock lock(mutex_);
  return writes_;
}

int FaultVfs::syncs() {
  const platform::MutexLock lock(mutex_);
  return syncs_;
}

int FaultVfs::temporary_files() {
  const platform::MutexLock lock(mutex_);
  return temporary_;
}

void FaultVfs::OnTemporaryFile() {
  const platform::MutexLock lock(mutex_);
  ++temporary_;
}

FaultVfs::Verdict FaultVfs::On(Operation operation) {
  const platform::MutexLock lock(mutex_);
  ++(operation == Operation::kWrite ? writes_ : syncs_);
  if (!armed_ || (fault_.operation != Operation::kWriteOrSync &&
                  fault_.operation != operation)) {
    return {};
  }
  if (fault_.after > 0) {
    --fault_.after;
    return {};
  }
  armed_ = fault_.sticky;
  struck_ = true;
  return {true, fault_.kind};
}

}  // namespace sodality::faults
