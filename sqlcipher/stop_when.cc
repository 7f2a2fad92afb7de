#include <sqlite3.h>

#include "sqlcipher/connection_state.h"

namespace sodality::sqlcipher {

// An interrupt would be forgotten when nothing runs yet.
void Connection::StopWhen(const std::atomic<bool>& stop) {
  constexpr int kSteps = 500;
  // SQLite's type is not const; it is only read.
  sqlite3_progress_handler(
      state_->db, kSteps,
      [](void* flag) {
        return static_cast<const std::atomic<bool>*>(flag)->load() ? 1 : 0;
      },
      const_cast<std::atomic<bool>*>(&stop));
}

}  // namespace sodality::sqlcipher
