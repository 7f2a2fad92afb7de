#include "platform/clock.h"

#include <cstdio>
#include <ctime>

namespace sodality::platform {
namespace {

class RealClock final : public Clock {
 public:
  Timestamp Now() const override {
    using std::chrono::duration_cast;
    using std::chrono::milliseconds;
    return {duration_cast<milliseconds>(
                std::chrono::system_clock::now().time_since_epoch())
                .count()};
  }
};

// Parses `digits` decimal digits at `pos` and moves past them; -1 on failure.
int Number(std::string_view text, size_t& pos, int digits) {
  int value = 0;
  for (int i = 0; i < digits; ++i, ++pos) {
    if (pos >= text.size() || text[pos] < '0' || text[pos] > '9') return -1;
    value = value * 10 + (text[pos] - '0');
  }
  return value;
}

bool Literal(std::string_view text, size_t& pos, std::string_view any_of) {
  if (pos >= text.size() || any_of.find(text[pos]) == std::string_view::npos) {
    return false;
  }
  ++pos;
  return true;
}

// Minutes east of UTC, or nothing when the suffix is malformed.
bool Offset(std::string_view text, size_t& pos, int& minutes) {
  if (Literal(text, pos, "Zz")) return pos == text.size();
  const bool west = pos < text.size() && text[pos] == '-';
  if (!Literal(text, pos, "+-")) return false;
  const int hours = Number(text, pos, 2);
  if (!Literal(text, pos, ":")) return false;
  const int mins = Number(text, pos, 2);
  if (hours < 0 || hours > 23 || mins < 0 || mins > 59) return false;
  minutes = (west ? -1 : 1) * (hours * 60 + mins);
  return pos == text.size();
}

}  // namespace

const Clock& SystemClock() {
  static const RealClock clock;
  return clock;
}

std::string FormatTimestamp(Timestamp time) {
  int64_t seconds = time.millis / 1000;
  if (time.millis % 1000 < 0) --seconds;
  const time_t when = static_cast<time_t>(seconds);
  std::tm utc{};
  gmtime_r(&when, &utc);
  char buffer[32];
  const size_t size =
      std::strftime(buffer, sizeof buffer, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return std::string(buffer, size);
}

absl::StatusOr<Timestamp> ParseTimestamp(std::string_view text) {
  const absl::Status malformed = absl::InvalidArgumentError(
      "not an RFC 3339 time such as 2026-11-26T18:49:15Z");
  size_t pos = 0;
  const int year = Number(text, pos, 4);
  if (year < 1970 || !Literal(text, pos, "-")) return malformed;
  const int month = Number(text, pos, 2);
  if (!Literal(text, pos, "-")) return malformed;
  const int day = Number(text, pos, 2);
  if (!Literal(text, pos, "Tt ")) return malformed;
  const int hour = Number(text, pos, 2);
  if (!Literal(text, pos, ":")) return malformed;
  const int minute = Number(text, pos, 2);
  if (!Literal(text, pos, ":")) return malformed;
  const int second = Number(text, pos, 2);
  int millis = 0;
  if (Literal(text, pos, ".")) {
    int scale = 100;
    const size_t start = pos;
    while (pos < text.size() && text[pos] >= '0' && text[pos] <= '9') {
      millis += (text[pos++] - '0') * scale;
      scale /= 10;
    }
    if (pos == start) return malformed;
  }
  int offset_minutes = 0;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
      second > 59 || !Offset(text, pos, offset_minutes)) {
    return malformed;
  }
  const std::chrono::year_month_day date{
      std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
      std::chrono::day(static_cast<unsigned>(day))};
  if (month < 1 || day < 1 || !date.ok()) return malformed;
  const int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  const int64_t seconds =
      ((days * 24 + hour) * 60 + minute - offset_minutes) * 60 + second;
  return Timestamp{seconds * 1000 + millis};
}

}  // namespace sodality::platform
