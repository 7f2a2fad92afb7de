#include "server/app/held_signals.h"

#include <pthread.h>

namespace sodality::app {
namespace {

constexpr int kEnding[] = {SIGTERM, SIGINT, SIGHUP};

bool IsIgnored(int signal) {
  struct sigaction now {};
  return ::sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

}  // namespace

HeldSignals::HeldSignals() {
  sigemptyset(&held_);
  for (const int signal : kEnding) {
    if (!IsIgnored(signal)) sigaddset(&held_, signal);
  }
  ::pthread_sigmask(SIG_BLOCK, &held_, nullptr);
}

bool HeldSignals::any() const {
  sigset_t pending;
  if (::sigpending(&pending) != 0) return false;
  for (const int signal : kEnding) {
    if (sigismember(&held_, signal) == 1 &&
        sigismember(&pending, signal) == 1) {
      return true;
    }
  }
  return false;
}

}  // namespace sodality::app
