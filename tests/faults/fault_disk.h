// One disk under SQLCipher and the ledger's files alike: it counts what both do
// to it, lets the n-th operation come to grief, and knows what would be left
// after a kill or a power cut. Read next: tests/chapter/chapter_world.h.
#ifndef SODALITY_TESTS_FAULTS_FAULT_DISK_H_
#define SODALITY_TESTS_FAULTS_FAULT_DISK_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "platform/file.h"
#include "platform/mutex.h"
#include "tests/faults/disk_file.h"

namespace sodality::faults {

enum class Mishap : uint8_t {
  kFails,     // EIO; nothing arrives.
  kFull,      // ENOSPC; nothing arrives.
  kTears,     // EIO; of a write some sectors arrive.
  kForgets,   // A sync fails, and the kernel forgets that pages were dirty; the
              // end is a power cut.
  kKill,      // The process dies: nothing arrives any more, of the write under
              // way some sectors. What was written stays, synced or not.
  kPowerCut,  // As kKill, and what was not synced is gone.
  kShuffles,  // As kPowerCut, but any of the sectors, sizes and names that were
              // not synced have arrived, whatever their order was.
  kStalls,    // A sync hangs for some milliseconds, then the power is cut.
};

struct DiskFault {
  Mishap mishap = Mishap::kFails;
  int nth = 1;  // Counted from Arm; of kForgets and kStalls, syncs alone.
  bool sticky = false;
  uint32_t seed = 1;  // Which sectors arrive.
};

enum class DiskResult : uint8_t { kDone, kFailed, kFull };

// The files really are in `folder`: this passes operations on to the system and
// remembers beside it what is durable.
//
// Thread safety: safe; operations happen one at a time. Lifetime: outlives the
// files opened through it.
class FaultDisk final {
 public:
  // Performs the operation; false when it failed of itself.
  using Real = std::function<bool()>;
  using RealWrite = std::function<bool(std::span<const uint8_t>)>;

  // What stands in `folder` counts as durable. The path has no links in it.
  explicit FaultDisk(std::string folder);
  ~FaultDisk();

  void Arm(const DiskFault& fault) SODALITY_EXCLUDES(mutex_);
  // Works again from here on, unless the process counts as dead.
  void Heal() SODALITY_EXCLUDES(mutex_);
  // To be called with every file closed: the folder becomes what a new process
  // finds after what happened, and works.
  void Restart() SODALITY_EXCLUDES(mutex_);

  // Since Arm.
  [[nodiscard]] bool struck() const SODALITY_EXCLUDES(mutex_);
  // The names of the files whose sync failed.
  [[nodiscard]] std::vector<std::string> failed_syncs() const
      SODALITY_EXCLUDES(mutex_);

  const std::string& folder() const { return folder_; }

  // The ledger's way in: disk_file_system.h.
  platform::FileSystem& file_system();

  // SQLite's way in, by fault_vfs.h. No file: `path` is not in the folder.
  DiskFileRef Opened(const std::string& path) SODALITY_EXCLUDES(mutex_);
  DiskResult Create(const std::string& path, const Real& real)
      SODALITY_EXCLUDES(mutex_);
  DiskResult Write(DiskFile& file, uint64_t at, std::span<const uint8_t> data,
                   const RealWrite& real) SODALITY_EXCLUDES(mutex_);
  DiskResult Resize(DiskFile& file, uint64_t size, const Real& real)
      SODALITY_EXCLUDES(mutex_);
  DiskResult Sync(DiskFile& file, const Real& real) SODALITY_EXCLUDES(mutex_);
  DiskResult Rename(const std::string& from, const std::string& to,
                    const Real& real) SODALITY_EXCLUDES(mutex_);
  DiskResult Remove(const std::string& path, const Real& real)
      SODALITY_EXCLUDES(mutex_);
  DiskResult SyncFolder(const std::string& path, const Real& real)
      SODALITY_EXCLUDES(mutex_);

 private:
  using Names = std::map<std::string, DiskFileRef>;
  enum class Kind : uint8_t { kWrite, kSync, kOther };

  // Counts the operation and says what is to become of it.
  DiskResult Attempt(Kind kind) SODALITY_REQUIRES(mutex_);
  DiskResult Strike() SODALITY_REQUIRES(mutex_);
  // The sectors of a write that arrive although it fails.
  void Tear(DiskFile& file, uint64_t at, std::span<const uint8_t> data,
            const RealWrite& real) SODALITY_REQUIRES(mutex_);
  bool Toss() SODALITY_REQUIRES(mutex_);
  platform::Bytes Left(const DiskFile& file) SODALITY_REQUIRES(mutex_);
  Names LeftNames() SODALITY_REQUIRES(mutex_);
  void LosePower() SODALITY_REQUIRES(mutex_);
  void Load() SODALITY_REQUIRES(mutex_);

  const std::string folder_;
  const std::unique_ptr<platform::FileSystem> files_;
  mutable platform::Mutex mutex_;
  platform::CondVar another_;
  Names names_ SODALITY_GUARDED_BY(mutex_);
  Names durable_names_ SODALITY_GUARDED_BY(mutex_);
  DiskFault fault_ SODALITY_GUARDED_BY(mutex_);
  bool armed_ SODALITY_GUARDED_BY(mutex_) = false;
  bool struck_ SODALITY_GUARDED_BY(mutex_) = false;
  bool dead_ SODALITY_GUARDED_BY(mutex_) = false;
  int counted_ SODALITY_GUARDED_BY(mutex_) = 0;
  std::vector<std::string> failed_syncs_ SODALITY_GUARDED_BY(mutex_);
  std::minstd_rand random_ SODALITY_GUARDED_BY(mutex_);
};

}  // namespace sodality::faults

#endif  // SODALITY_TESTS_FAULTS_FAULT_DISK_H_
