// What can end the server, as something that the main thread waits for:
// signals, and a request to seal. No work is done in a signal handler.
#ifndef SODALITY_SERVER_APP_STOP_EVENTS_H_
#define SODALITY_SERVER_APP_STOP_EVENTS_H_

#include "absl/status/statusor.h"
#include "server/app/owned_fd.h"

namespace sodality::app {

enum class StopEvent {
  kTerminate,  // SIGTERM.
  kInterrupt,  // SIGINT, SIGHUP.
  kSeal,
};

// Thread safety: RequestSeal from any thread; Wait on one.
class StopEvents final {
 public:
  // Blocks the signals in this thread and in all that it will start: call it
  // before there are others. INTERNAL when the kernel refuses.
  static absl::StatusOr<StopEvents> Create();

  StopEvent Wait();
  void RequestSeal();

 private:
  StopEvents(OwnedFd signals, OwnedFd seal)
      : signals_(std::move(signals)), seal_(std::move(seal)) {}

  OwnedFd signals_;
  OwnedFd seal_;
};

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_STOP_EVENTS_H_
