// A copy of the store under another page key: first its pages, then every group
// that it commits, until the copy takes its place (docs/adr/0022-page-key.md).
// Internal to sqlcipher_store.cc.
#ifndef SODALITY_SERVER_STORE_SQLCIPHER_PAGE_COPY_H_
#define SODALITY_SERVER_STORE_SQLCIPHER_PAGE_COPY_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/mutex.h"
#include "server/store/group_writer.h"
#include "server/store/sqlcipher/database.h"
#include "server/store/sqlcipher/kept_digest.h"
#include "server/store/sqlcipher/writer.h"
#include "server/store/store_maintenance.h"
#include "sqlcipher/connection.h"
#include "sqlcipher/copy.h"

namespace sodality::store {

struct CopyLimits {
  uint64_t reserve_bytes = 0;     // What is to be left on the disk.
  const std::atomic<bool>& stop;  // Check ends when it is true.
};

// RESOURCE_EXHAUSTED when less than `bytes` are left on the disk of `path`.
absl::Status CheckRoom(const std::string& path, uint64_t bytes);

// Thread safety: the writer's thread, but Check, and status, which is safe.
// Lifetime: `source`, `digest` and `stop` outlive it.
class PageCopy final {
 public:
  // No file of that name may be there. RESOURCE_EXHAUSTED when too little would
  // be left on the disk; else the file's errors.
  static absl::StatusOr<std::unique_ptr<PageCopy>> Begin(
      Writer& source, KeptDigest& digest, DatabaseOptions target,
      const CopyLimits& limits);

  // A mebibyte more. With the last it is whole. `key` as at Begin.
  absl::Status Step(std::span<const uint8_t> key);
  [[nodiscard]] CopyProgress progress() const;

  // After each group of the source, with what came of it. Nothing until it is
  // whole. Afterwards status() says whether the copy is what the source is.
  void Follow(const std::vector<Write>& writes,
              const Housekeeping& housekeeping, const GroupOutcome& outcome);
  absl::Status status() const SODALITY_EXCLUDES(mutex_);

  // Of one that is whole; as StoreMaintenance::CheckCopy.
  absl::Status Check() SODALITY_EXCLUDES(mutex_);

  // OK: the copy is whole, sound and where the source is.
  absl::Status CheckEqual() const;
  // To be held to, whatever becomes of the switch (StoreMaintenance).
  void HoldTo(bool hold) { held_to_ = hold; }
  [[nodiscard]] bool is_held_to() const { return held_to_; }
  // The copy as the store's database; this is over.
  Database Take();

 private:
  PageCopy(Writer& source, KeptDigest& digest, DatabaseOptions target,
           const CopyLimits& limits);
  absl::Status OpenWhole(std::span<const uint8_t> key);
  void Fail(const absl::Status& status) SODALITY_EXCLUDES(mutex_);
  [[nodiscard]] bool IsChecked() const SODALITY_EXCLUDES(mutex_);

  Writer& source_;
  KeptDigest& digest_;
  DatabaseOptions target_;
  const CopyLimits limits_;
  std::optional<sqlcipher::Copy> pages_;  // Until it is whole.
  CopyProgress progress_;
  Database database_;  // Since then.
  bool held_to_ = false;

  mutable platform::Mutex mutex_;
  absl::Status status_ SODALITY_GUARDED_BY(mutex_);
  // There while it is whole and not checked yet.
  std::optional<sqlcipher::Connection> checked_ SODALITY_GUARDED_BY(mutex_);
};

}  // namespace sodality::store

#endif  // SODALITY_SERVER_STORE_SQLCIPHER_PAGE_COPY_H_
