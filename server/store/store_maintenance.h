// What a store that keeps files can do besides; a store may lack it.
#ifndef SODALITY_SERVER_STORE_STORE_MAINTENANCE_H_
#define SODALITY_SERVER_STORE_STORE_MAINTENANCE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace sodality::store {

// Thread safety: as the store's.
class StoreMaintenance {
 public:
  virtual ~StoreMaintenance() = default;
  // Folds the write-ahead log into the database and truncates it.
  virtual absl::Status Checkpoint() = 0;
  // Names what is damaged; empty when nothing is.
  virtual absl::StatusOr<std::vector<std::string>> CheckIntegrity() = 0;
};

}  // namespace sodality::store

#endif  // SODALITY_SERVER_STORE_STORE_MAINTENANCE_H_
