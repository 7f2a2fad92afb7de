// The time, injected. Wall time decides expiry only; order comes from
// revisions and entry numbers. Read next: file.h.
#ifndef SODALITY_PLATFORM_CLOCK_H_
#define SODALITY_PLATFORM_CLOCK_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace sodality::platform {

// Milliseconds since the Unix epoch, UTC. A strong type, so that a duration is
// never taken for a point in time.
struct Timestamp {
  int64_t millis = 0;
  friend constexpr auto operator<=>(const Timestamp&,
                                    const Timestamp&) = default;
  friend constexpr Timestamp operator+(Timestamp t,
                                       std::chrono::milliseconds d) {
    return {t.millis + d.count()};
  }
  friend constexpr Timestamp operator-(Timestamp t,
                                       std::chrono::milliseconds d) {
    return {t.millis - d.count()};
  }
  friend constexpr std::chrono::milliseconds operator-(Timestamp a,
                                                       Timestamp b) {
    return std::chrono::milliseconds(a.millis - b.millis);
  }
};

// RFC 3339, UTC, whole seconds: "2026-11-26T18:49:15Z". Times before 1970 or
// after 9999 are shown as the nearest within.
std::string FormatTimestamp(Timestamp time);
// Accepts RFC 3339 with "Z" or an offset, with or without a fraction, from 1970
// to 9999. INVALID_ARGUMENT otherwise, without repeating the input.
absl::StatusOr<Timestamp> ParseTimestamp(std::string_view text);

// Thread safety: implementations are safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp Now() const = 0;
};

// CLOCK_REALTIME. Lives for the process.
const Clock& SystemClock();

// For tests: stands still until told.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(Timestamp start) : millis_(start.millis) {}
  Timestamp Now() const override { return {millis_.load()}; }
  void Advance(std::chrono::milliseconds by) { millis_ += by.count(); }

 private:
  std::atomic<int64_t> millis_;
};

}  // namespace sodality::platform

#endif  // SODALITY_PLATFORM_CLOCK_H_
