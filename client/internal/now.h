// The time that decides whether a certificate is in force.
#ifndef SODALITY_CLIENT_INTERNAL_NOW_H_
#define SODALITY_CLIENT_INTERNAL_NOW_H_

#include <chrono>

#include "client/include/sodality/options.h"
#include "platform/clock.h"

namespace sodality::internal {

inline platform::Timestamp Now(const Options& options) {
  if (!options.now) return platform::SystemClock().Now();
  return {std::chrono::milliseconds(options.now().time_since_epoch()).count()};
}

}  // namespace sodality::internal

#endif  // SODALITY_CLIENT_INTERNAL_NOW_H_
