// What the process gives up before it touches a key: core files, being traced
// by others of its user, files that others may read. Read next: serve.h.
#ifndef SODALITY_SERVER_APP_HARDENING_H_
#define SODALITY_SERVER_APP_HARDENING_H_

#include <cstdint>

#include "absl/status/statusor.h"

namespace sodality::app {

// Enough for every guarded secret of an unsealed chapter.
inline constexpr uint64_t kWantedLockedBytes = 1 << 20;

struct Hardening {
  bool locks_memory = false;  // Whether kWantedLockedBytes could be locked.
  uint64_t locked_bytes = 0;  // The limit of memory kept out of swap.
  uint64_t open_files = 0;
};

// INTERNAL naming the step that the kernel refused; the process must then not
// go on. Call before there are other threads.
absl::StatusOr<Hardening> HardenProcess();

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_HARDENING_H_
