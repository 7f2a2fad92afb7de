// What the process sets in Abseil once.
#ifndef SODALITY_PLATFORM_ABSEIL_H_
#define SODALITY_PLATFORM_ABSEIL_H_

namespace sodality::platform {

// Debian builds Abseil so that it watches every absl::Mutex, and gRPC's locks
// are such, for deadlocks: a twentieth of a look-up's time. This ends it for
// the process. Thread safety: safe.
void StopWatchingAbseilLocks();

}  // namespace sodality::platform

#endif  // SODALITY_PLATFORM_ABSEIL_H_
