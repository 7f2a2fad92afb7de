// How calls are made. Plain values with defaults that need no change.
#ifndef SODALITY_CLIENT_INCLUDE_SODALITY_OPTIONS_H_
#define SODALITY_CLIENT_INCLUDE_SODALITY_OPTIONS_H_

#include <chrono>
#include <functional>

#include "platform/clock.h"

namespace sodality {

// Retries: a call that failed with UNAVAILABLE is tried again, after a random
// wait below a bound that doubles. Reads are safe to repeat; a write carries
// one request id through all its attempts, so it is applied once. Rosters are
// streams and are not retried: pushing again changes nothing that is done.
struct Options {
  // Of one unary call, all its attempts together.
  std::chrono::milliseconds deadline{10'000};
  // Of a stream: a roster pushed, a ledger read.
  std::chrono::milliseconds stream_deadline{30 * 60'000};
  int max_attempts = 4;
  std::chrono::milliseconds first_backoff{100};
  std::chrono::milliseconds max_backoff{2'000};

  // Seams for tests. `sleep` is told of each wait as it begins; empty: the
  // thread waits. `clock` null: the system's; it decides whether a certificate
  // is in force.
  std::function<void(std::chrono::milliseconds)> sleep;
  const platform::Clock* clock = nullptr;
};

}  // namespace sodality

#endif  // SODALITY_CLIENT_INCLUDE_SODALITY_OPTIONS_H_
