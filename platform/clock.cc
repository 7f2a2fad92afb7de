#include "platform/clock.h"

#include <algorithm>
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

// Reads a time from left to right. The first thing that does not fit makes it
// fail for good, and later reads give zero.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool AtEnd() const { return !failed_ && pos_ == text_.size(); }

  // The next character when it is one of `any_of`, else zero and no failure.
  char TakeIf(std::string_view any_of) {
    if (failed_ || pos_ == text_.size() ||
        any_of.find(text_[pos_]) == std::string_view::npos) {
      return 0;
    }
    return text_[pos_++];
  }

  void Expect(std::string_view any_of) {
    if (TakeIf(any_of) == 0) Fail();
  }
  void Fail() { failed_ = true; }

  // Exactly `digits` digits, whose value lies in [low, high].
  int Number(int digits, int low, int high) {
    int value = 0;
    for (int i = 0; i < digits; ++i) {
      const char digit = TakeIf("0123456789");
      if (digit == 0) Fail();
      value = value * 10 + (digit - '0');
    }
    if (value < low || value > high) Fail();
    return failed_ ? 0 : value;
  }

 private:
  const std::string_view text_;
  size_t pos_ = 0;
  bool failed_ = false;
};

int64_t ReadDays(Reader& in) {
  const std::chrono::year year(in.Number(4, 1970, 9999));
  in.Expect("-");
  const auto month = static_cast<unsigned>(in.Number(2, 1, 12));
  in.Expect("-");
  const auto day = static_cast<unsigned>(in.Number(2, 1, 31));
  const std::chrono::year_month_day date(year, std::chrono::month(month),
                                         std::chrono::day(day));
  if (!date.ok()) in.Fail();
  return std::chrono::sys_days(date).time_since_epoch().count();
}

int64_t ReadSecondsOfDay(Reader& in) {
  const int hour = in.Number(2, 0, 23);
  in.Expect(":");
  const int minute = in.Number(2, 0, 59);
  in.Expect(":");
  return (hour * 60 + minute) * 60 + in.Number(2, 0, 59);
}

// Digits after the third are dropped.
int ReadMillis(Reader& in) {
  if (in.TakeIf(".") == 0) return 0;
  int millis = in.Number(1, 0, 9) * 100;
  int scale = 10;
  while (const char digit = in.TakeIf("0123456789")) {
    millis += (digit - '0') * scale;
    scale /= 10;
  }
  return millis;
}

int64_t ReadSecondsEastOfUtc(Reader& in) {
  if (in.TakeIf("Zz") != 0) return 0;
  const char sign = in.TakeIf("+-");
  if (sign == 0) in.Fail();
  const int hours = in.Number(2, 0, 23);
  in.Expect(":");
  const int minutes = in.Number(2, 0, 59);
  return (sign == '-' ? -60 : 60) * (hours * 60 + minutes);
}

}  // namespace

const Clock& SystemClock() {
  static const RealClock clock;
  return clock;
}

std::string FormatTimestamp(Timestamp time) {
  constexpr int64_t kLast = 253402300799;  // 9999-12-31T23:59:59Z
  const auto when =
      static_cast<time_t>(std::clamp<int64_t>(time.millis / 1000, 0, kLast));
  std::tm utc{};
  gmtime_r(&when, &utc);
  char buffer[32];
  const size_t size =
      std::strftime(buffer, sizeof buffer, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return std::string(buffer, size);
}

absl::StatusOr<Timestamp> ParseTimestamp(std::string_view text) {
  Reader in(text);
  const int64_t days = ReadDays(in);
  in.Expect("Tt ");
  const int64_t seconds = ReadSecondsOfDay(in);
  const int64_t millis = ReadMillis(in);
  const int64_t east = ReadSecondsEastOfUtc(in);
  if (!in.AtEnd()) {
    return absl::InvalidArgumentError(
        "not an RFC 3339 time such as 2026-11-26T18:49:15Z");
  }
  return Timestamp{(days * 86400 + seconds - east) * 1000 + millis};
}

}  // namespace sodality::platform
