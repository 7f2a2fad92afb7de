// What a store that keeps files can do besides; a store may lack it.
#ifndef SODALITY_SERVER_STORE_STORE_MAINTENANCE_H_
#define SODALITY_SERVER_STORE_STORE_MAINTENANCE_H_

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace sodality::store {

// Under which the store's pages are sealed; the version names the file.
struct PageKeyVersion {
  uint32_t version = 1;
  std::span<const uint8_t> key;  // Used during the call alone.
};

// In pages.
struct CopyProgress {
  uint64_t done = 0;
  uint64_t total = 0;
  bool whole = false;  // It is kept in step with the store.
};

// A copy that BackUp has made.
struct StoreBackup {
  std::string path;
  std::string name;  // Of the store's own file, without its folder.
};

// Thread safety: as the store's; the calls about a copy, one thread at a time.
class StoreMaintenance {
 public:
  virtual ~StoreMaintenance() = default;
  // Folds the write-ahead log into the database and truncates it.
  virtual absl::Status Checkpoint() = 0;
  // Names what is damaged; empty when nothing is.
  virtual absl::StatusOr<std::vector<std::string>> CheckIntegrity() = 0;

  // ---- A new page key: a copy that takes the store's place (ADR 22) --------

  // RESOURCE_EXHAUSTED where a copy would leave little room on the disk.
  virtual absl::Status CheckRoomForCopy() = 0;
  // Begins a copy, in place of one that was left by an earlier process, or goes
  // on with it: a mebibyte, while writes wait. Whole, it gets every write
  // before that is answered. After an error there is no copy, and nothing else
  // is changed: the next call begins anew. RESOURCE_EXHAUSTED also when little
  // room would be left on the disk; FAILED_PRECONDITION for the store's
  // version.
  virtual absl::StatusOr<CopyProgress> CopyOn(const PageKeyVersion& target) = 0;
  // Reads all of a whole copy, beside reads and writes. DATA_LOSS naming what
  // is damaged; CANCELLED after Interrupt; ABORTED when there is no whole copy,
  // or so much was written meanwhile that it was given up. After an error but
  // CANCELLED there is no copy.
  virtual absl::Status CheckCopy() = 0;
  // Puts a whole copy in the store's place. `make_active` makes durable that
  // the next start opens it; writes wait for that. After an error the store is
  // what it was. When `make_active` has failed, unless that says that nothing
  // was replaced (platform::NothingReplaced), the copy is held to: a write that
  // it cannot follow stops the store. ABORTED when there is no whole copy.
  virtual absl::Status SwitchToCopy(
      const std::function<absl::Status()>& make_active) = 0;
  // Removes the file of a version that is not the store's any more, when the
  // last who reads from it has ended. FAILED_PRECONDITION for the store's own.
  virtual absl::Status RemoveFile(uint32_t version) = 0;

  // ---- A copy to keep elsewhere (ADR 24) ------------------------------------

  // A copy of the store as of one moment, in a file of its own beside it and
  // under the key that it has: a mebibyte at a time, between writes. `at_end`
  // is called when the copy is what the store is; nothing is written meanwhile.
  // Then all of the copy is read. One at a time, beside all else; a copy that
  // is to take the store's place waits. RESOURCE_EXHAUSTED also when little
  // room would be left on the disk; DATA_LOSS naming what is damaged; ABORTED
  // when `key` is not the store's any more; CANCELLED after Interrupt; the
  // errors of `at_end`. After an error there is no file.
  virtual absl::StatusOr<StoreBackup> BackUp(
      const PageKeyVersion& key,
      const std::function<absl::Status()>& at_end) = 0;
  // Removes it, or what an earlier process has left of one.
  virtual absl::Status RemoveBackup() = 0;

  // CheckCopy and BackUp end soon, now and from now on. Safe on any thread.
  virtual void Interrupt() = 0;
};

}  // namespace sodality::store

#endif  // SODALITY_SERVER_STORE_STORE_MAINTENANCE_H_
