#include "server/app/stop_events.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>

#include <csignal>
#include <utility>

namespace sodality::app {

absl::StatusOr<StopEvents> StopEvents::Create() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    sigaddset(&signals, signal);
  }
  if (::pthread_sigmask(SIG_BLOCK, &signals, nullptr) != 0) {
    return absl::InternalError("signals cannot be blocked");
  }
  OwnedFd signal_fd(::signalfd(-1, &signals, SFD_CLOEXEC));
  OwnedFd seal_fd(::eventfd(0, EFD_CLOEXEC));
  if (!signal_fd.ok() || !seal_fd.ok()) {
    return absl::InternalError("signals cannot be waited for");
  }
  return StopEvents(std::move(signal_fd), std::move(seal_fd));
}

StopEvent StopEvents::Wait() {
  pollfd waits[] = {{signals_.get(), POLLIN, 0}, {seal_.get(), POLLIN, 0}};
  for (;;) {
    if (::poll(waits, 2, /*timeout=*/-1) <= 0) continue;
    signalfd_siginfo info{};
    if (waits[0].revents != 0 &&
        ::read(signals_.get(), &info, sizeof info) == sizeof info) {
      return info.ssi_signo == SIGTERM ? StopEvent::kTerminate
                                       : StopEvent::kInterrupt;
    }
    if (waits[1].revents != 0) return StopEvent::kSeal;
  }
}

void StopEvents::RequestSeal() { ::eventfd_write(seal_.get(), 1); }

}  // namespace sodality::app
