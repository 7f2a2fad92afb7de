// A file system that fails on purpose: the n-th write, sync, rename, ..., once
// or from then on, torn or whole; or everything from the n-th change, as a kill
// would have it. Loop n until the scenario passes untouched, and after each
// round reopen through the real file system and check what must hold.
#ifndef SODALITY_TESTS_FAULTS_FAULT_FILE_SYSTEM_H_
#define SODALITY_TESTS_FAULTS_FAULT_FILE_SYSTEM_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/file.h"
#include "platform/mutex.h"

namespace sodality::faults {

enum class Operation : uint8_t {
  kOpen,
  kRead,  // ReadAt, Size and List
  kWrite,
  kSync,
  kAllocate,
  kRename,
  kRemove,
  kSyncFolder,
};
inline constexpr size_t kOperations = 8;

struct Fault {
  Operation operation = Operation::kWrite;
  int nth = 1;  // Counted from Inject; 1 is the next one.
  absl::Status status = absl::UnavailableError("injected fault");
  bool sticky = false;    // That one and every later one of its kind.
  size_t torn_bytes = 0;  // Of a failing write, how much lands all the same.
};

// Passes everything on to `base` but what it was told to fail.
//
// Thread safety: safe. Lifetime: `base` and this outlive every file opened.
class FaultFileSystem final : public platform::FileSystem {
 public:
  explicit FaultFileSystem(platform::FileSystem& base);

  // Replaces what was injected before, and starts the counts anew.
  void Inject(Fault fault);
  // From the n-th change on (any operation but kOpen and kRead) nothing works,
  // reads included; of a killed write `torn_bytes` still land.
  void KillAt(int nth, size_t torn_bytes = 0);
  // Everything works again. Counts go on.
  void Heal();

  // Since the start or the last Inject or KillAt, failed ones included.
  int Count(Operation operation) const;
  int Changes() const;
  // Whether the fault or the kill has struck since it was set.
  bool Struck() const;

  absl::StatusOr<std::unique_ptr<platform::File>> Open(const std::string& path,
                                                       bool create) override;
  absl::Status Rename(const std::string& from, const std::string& to) override;
  absl::Status Remove(const std::string& path) override;
  absl::Status SyncFolder(const std::string& path) override;
  absl::StatusOr<std::vector<std::string>> List(
      const std::string& folder) override;

 private:
  friend class FaultFile;
  struct Verdict {
    absl::Status status;
    size_t torn_bytes = 0;
  };
  struct Kill {
    int nth = 1;
    size_t torn_bytes = 0;
  };

  // Counts the operation and says whether it may go on.
  Verdict Attempt(Operation operation);
  std::optional<Verdict> Killed(Operation operation) SODALITY_REQUIRES(mutex_);
  std::optional<Verdict> Faulted(Operation operation) SODALITY_REQUIRES(mutex_);
  int ChangesLocked() const SODALITY_REQUIRES(mutex_);
  void StartAnew() SODALITY_REQUIRES(mutex_);

  platform::FileSystem& base_;
  mutable platform::Mutex mutex_;
  std::array<int, kOperations> counts_ SODALITY_GUARDED_BY(mutex_){};
  std::optional<Fault> fault_ SODALITY_GUARDED_BY(mutex_);
  std::optional<Kill> kill_ SODALITY_GUARDED_BY(mutex_);
  bool dead_ SODALITY_GUARDED_BY(mutex_) = false;
  bool struck_ SODALITY_GUARDED_BY(mutex_) = false;
};

}  // namespace sodality::faults

#endif  // SODALITY_TESTS_FAULTS_FAULT_FILE_SYSTEM_H_
