// How calls are made. Plain values with defaults that need no change. Read
// next: connect.h.
#ifndef SODALITY_CLIENT_INCLUDE_SODALITY_OPTIONS_H_
#define SODALITY_CLIENT_INCLUDE_SODALITY_OPTIONS_H_

#include <chrono>
#include <functional>

#include "sodality/types.h"

namespace sodality {

// How long a call may take, and how often it is tried.
//
// Retries: a call that failed with UNAVAILABLE is tried again, after a random
// wait below a bound that doubles. Reads are safe to repeat; a write carries
// one request id through all its attempts, so it is applied once. A server that
// says why it is unavailable (SEALED, STORE_STOPPED) is not asked again.
// Rosters and other streams are not retried: pushing again changes nothing that
// is done.
//
// Example:
//   sodality::Options options;
//   options.deadline = std::chrono::seconds(2);
//   options.max_attempts = 1;
//   auto connection = sodality::Connect(std::move(credentials), options);
struct Options {
  // Of one unary call, all its attempts together; the server takes at most
  // five minutes.
  std::chrono::milliseconds deadline{10'000};
  // Of a stream: a roster pushed, a ledger read; the server takes at most an
  // hour.
  std::chrono::milliseconds stream_deadline{30 * 60'000};
  // Of one call, the first among them; 1: never again.
  int max_attempts = 4;
  // The bound of the first wait.
  std::chrono::milliseconds first_backoff{100};
  // The bound of every later wait doubles up to this.
  std::chrono::milliseconds max_backoff{2'000};

  // A seam for tests: told of each wait as it begins. Empty: the thread waits.
  std::function<void(std::chrono::milliseconds)> sleep = {};
  // A seam for tests: decides whether a certificate is in force. Empty: the
  // system's clock.
  std::function<Time()> now = {};
};

}  // namespace sodality

#endif  // SODALITY_CLIENT_INCLUDE_SODALITY_OPTIONS_H_
