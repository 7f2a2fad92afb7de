#include "tests/faults/fault_vfs_file.h"

#include <signal.h>
#include <unistd.h>

#include <cstdint>
#include <span>
#include <utility>

#include "tests/faults/fault_vfs.h"

namespace sodality::faults {
namespace {

sqlite3_file* Real(sqlite3_file* file) {
  return reinterpret_cast<FaultFile*>(file)->real;
}

DiskFileRef* OnDisk(sqlite3_file* file) {
  return reinterpret_cast<FaultFile*>(file)->on_disk;
}

FaultDisk& Disk() { return *FaultVfs::Installed().disk(); }

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

}  // namespace

int ToCode(DiskResult result, int real, int failed) {
  if (real != SQLITE_OK) return real;
  if (result == DiskResult::kDone) return SQLITE_OK;
  return result == DiskResult::kFull ? SQLITE_FULL : failed;
}

const sqlite3_io_methods kFaultFileMethods = {2,
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

}  // namespace sodality::faults
