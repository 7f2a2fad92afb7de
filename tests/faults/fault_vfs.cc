#include "tests/faults/fault_vfs.h"

#include <signal.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cstdlib>
#include <new>
#include <span>
#include <utility>

namespace sodality::faults {
namespace {

// Followed in memory by the system's own file.
struct FaultFile {
  sqlite3_file base;
  sqlite3_file* real;
  DiskFileRef* on_disk;  // Null when there is no disk under it.
  bool names_itself;     // A journal or log: its first sync is the name's too.
};

sqlite3_vfs* g_system = nullptr;

sqlite3_file* Real(sqlite3_file* file) {
  return reinterpret_cast<FaultFile*>(file)->real;
}

DiskFileRef* OnDisk(sqlite3_file* file) {
  return reinterpret_cast<FaultFile*>(file)->on_disk;
}

FaultDisk& Disk() { return *FaultVfs::Installed().disk(); }

// What the system's own call answered, where it was called and failed.
int ToCode(DiskResult result, int real, int failed) {
  if (real != SQLITE_OK) return real;
  if (result == DiskResult::kDone) return SQLITE_OK;
  return result == DiskResult::kFull ? SQLITE_FULL : failed;
}

int Close(sqlite3_file* file) {
  delete OnDisk(file);
  return Real(file)->pMethods->xClose(Real(file));
}

int Read(sqlite3_file* file, void* data, int size, sqlite3_int64 offset) {
  return Real(file)->pMethods->xRead(Real(file), data, size, offset);
}

int WriteToDisk(sqlite3_file* file, std::span<const uint8_t> data,
                sqlite3_int64 offset) {
  sqlite3_file* const real = Real(file);
  int code = SQLITE_OK;
  const auto result = Disk().Write(
      **OnDisk(file), static_cast<uint64_t>(offset), data, [&](auto part) {
        code = real->pMethods->xWrite(real, part.data(),
                                      static_cast<int>(part.size()),
                                      offset + (part.data() - data.data()));
        return code == SQLITE_OK;
      });
  return ToCode(result, code, SQLITE_IOERR_WRITE);
}

int Write(sqlite3_file* file, const void* data, int size,
          sqlite3_int64 offset) {
  sqlite3_file* const real = Real(file);
  if (OnDisk(file) != nullptr) {
    return WriteToDisk(
        file, {static_cast<const uint8_t*>(data), static_cast<size_t>(size)},
        offset);
  }
  const FaultVfs::Verdict verdict = FaultVfs::Installed().OnWrite();
  if (!verdict.fails) return real->pMethods->xWrite(real, data, size, offset);
  if (verdict.kind == FaultKind::kDiskFull) return SQLITE_FULL;
  if (verdict.kind != FaultKind::kInputOutput) {
    (void)real->pMethods->xWrite(real, data, size / 2, offset);
  }
  if (verdict.kind == FaultKind::kKill) (void)kill(getpid(), SIGKILL);
  return SQLITE_IOERR_WRITE;
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  if (OnDisk(file) != nullptr) {
    int code = SQLITE_OK;
    const auto result =
        Disk().Resize(**OnDisk(file), static_cast<uint64_t>(size), [&] {
          code = Real(file)->pMethods->xTruncate(Real(file), size);
          return code == SQLITE_OK;
        });
    return ToCode(result, code, SQLITE_IOERR_TRUNCATE);
  }
  return Real(file)->pMethods->xTruncate(Real(file), size);
}

// The system's own sync would only take time: what is durable is the disk's to
// say.
int SyncDisk(sqlite3_file* file) {
  auto* const fault = reinterpret_cast<FaultFile*>(file);
  const auto done = [] { return true; };
  if (Disk().Sync(**OnDisk(file), done) != DiskResult::kDone) {
    return SQLITE_IOERR_FSYNC;
  }
  if (std::exchange(fault->names_itself, false)) {
    // SQLite goes on when this fails.
    (void)Disk().SyncFolder(Disk().folder(), done);
  }
  return SQLITE_OK;
}

int Sync(sqlite3_file* file, int flags) {
  if (OnDisk(file) != nullptr) return SyncDisk(file);
  const FaultVfs::Verdict verdict = FaultVfs::Installed().OnSync();
  if (verdict.fails && verdict.kind == FaultKind::kKill) {
    (void)kill(getpid(), SIGKILL);
  }
  if (verdict.fails) return SQLITE_IOERR_FSYNC;
  return Real(file)->pMethods->xSync(Real(file), flags);
}

int FileSize(sqlite3_file* file, sqlite3_int64* size) {
  return Real(file)->pMethods->xFileSize(Real(file), size);
}

int Lock(sqlite3_file* file, int level) {
  return Real(file)->pMethods->xLock(Real(file), level);
}

int Unlock(sqlite3_file* file, int level) {
  return Real(file)->pMethods->xUnlock(Real(file), level);
}

int CheckReservedLock(sqlite3_file* file, int* result) {
  return Real(file)->pMethods->xCheckReservedLock(Real(file), result);
}

int FileControl(sqlite3_file* file, int operation, void* argument) {
  return Real(file)->pMethods->xFileControl(Real(file), operation, argument);
}

int SectorSize(sqlite3_file* file) {
  return Real(file)->pMethods->xSectorSize(Real(file));
}

int DeviceCharacteristics(sqlite3_file* file) {
  return Real(file)->pMethods->xDeviceCharacteristics(Real(file));
}

int ShmMap(sqlite3_file* file, int page, int size, int extend,
           void volatile** memory) {
  return Real(file)->pMethods->xShmMap(Real(file), page, size, extend, memory);
}

int ShmLock(sqlite3_file* file, int offset, int count, int flags) {
  return Real(file)->pMethods->xShmLock(Real(file), offset, count, flags);
}

void ShmBarrier(sqlite3_file* file) {
  Real(file)->pMethods->xShmBarrier(Real(file));
}

int ShmUnmap(sqlite3_file* file, int remove) {
  return Real(file)->pMethods->xShmUnmap(Real(file), remove);
}

const sqlite3_io_methods kMethods = {2,
                                     Close,
                                     Read,
                                     Write,
                                     Truncate,
                                     Sync,
                                     FileSize,
                                     Lock,
                                     Unlock,
                                     CheckReservedLock,
                                     FileControl,
                                     SectorSize,
                                     DeviceCharacteristics,
                                     ShmMap,
                                     ShmLock,
                                     ShmBarrier,
                                     ShmUnmap,
                                     nullptr,
                                     nullptr};

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
  if (disk != nullptr && name != nullptr && !disk->Opened(name) &&
      (flags & SQLITE_OPEN_CREATE) != 0) {
    const auto result = disk->Create(name, open);
    if (result != DiskResult::kDone && code == SQLITE_OK) {
      return SQLITE_CANTOPEN;
    }
    fault->names_itself = (flags & SQLITE_OPEN_MAIN_DB) == 0;
  } else {
    open();
  }
  if (fault->real->pMethods != nullptr) fault->base.pMethods = &kMethods;
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
      (void)disk->SyncFolder(disk->folder(), [] { return true; });
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
