// Rosters: rows matched to members by external id, else e-mail, else phone,
// then added or updated. Answers counts and row errors only.
#ifndef SODALITY_SERVER_CORE_ROSTER_H_
#define SODALITY_SERVER_CORE_ROSTER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/core/directory.h"

namespace sodality::core {

inline constexpr size_t kMaxRowsPerBatch = 500;
inline constexpr size_t kMaxRowsPerStep = 8000;
inline constexpr size_t kMaxReportedErrors = 1000;

struct RosterOptions {
  std::string source;  // At most 64 bytes; empty: "roster".
  bool dry_run = false;
  bool fill_blanks = false;
};

struct RosterRow {
  uint64_t row = 0;  // In the caller's file, from 1.
  std::vector<FieldInput> fields;
};

struct RosterRowError {
  uint64_t row = 0;
  std::string column;
  std::string reason;
};

// rows = added + changed + unchanged + suppressed + invalid_rows.
struct RosterCounts {
  uint64_t rows = 0;
  uint64_t added = 0;
  uint64_t changed = 0;
  uint64_t unchanged = 0;
  uint64_t suppressed = 0;
  uint64_t invalid_rows = 0;
  std::vector<RosterRowError> invalid;  // At most kMaxReportedErrors.
};

// One push. Thread safety: one thread, which checks rows while another stores
// those before them. Up to kMaxRowsPerStep rows at a time are matched with the
// members and with each other; what they change is stored some members a
// transaction, each with a ledger entry. A dry run writes entries alone.
class RosterPush final {
 public:
  // PERMISSION_DENIED kRoleNotAllowed unless admin or source.
  static absl::StatusOr<std::unique_ptr<RosterPush>> Begin(
      const DirectoryParts& parts, const Caller& caller, RosterOptions options);
  ~RosterPush();

  // INVALID_ARGUMENT kTooLarge over kMaxRowsPerBatch; UNAVAILABLE,
  // RESOURCE_EXHAUSTED kDiskFull: some rows of this batch or an earlier one are
  // not stored, and none that come after them will be.
  absl::Status Add(const std::vector<RosterRow>& batch);
  // All rows are stored, and on record, when it returns. Errors: those of Add.
  absl::StatusOr<RosterCounts> Finish();

 private:
  class Impl;
  explicit RosterPush(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_ROSTER_H_
