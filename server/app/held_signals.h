// Signals that would end the process at once, held back so that what is half
// done can be taken away first.
#ifndef SODALITY_SERVER_APP_HELD_SIGNALS_H_
#define SODALITY_SERVER_APP_HELD_SIGNALS_H_

#include <csignal>

namespace sodality::app {

// SIGTERM, SIGINT and SIGHUP, but those that the process was started to ignore;
// in this thread and in all that it will start. Until the process ends.
class HeldSignals final {
 public:
  HeldSignals();
  // Whether one has come: the work is to be given up.
  [[nodiscard]] bool any() const;

 private:
  sigset_t held_{};
};

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_HELD_SIGNALS_H_
