// Whether every member's record opens; for `sodalityd doctor`.
#ifndef SODALITY_SERVER_APP_RECORD_CHECK_H_
#define SODALITY_SERVER_APP_RECORD_CHECK_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/core/chapter.h"

namespace sodality::app {

struct RecordCheck {
  static constexpr size_t kNamed = 5;
  uint64_t opened = 0;
  uint64_t closed = 0;
  std::vector<std::string> ids;  // Of the first kNamed that do not open.
};

// Opens every field of every record, and throws it away. Errors: the store's.
absl::StatusOr<RecordCheck> CheckRecords(core::Chapter& chapter);

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_RECORD_CHECK_H_
