// Values that options and arguments are made of. Errors are INVALID_ARGUMENT
// and say what is expected.
#ifndef SODALITY_CLIENT_CLI_VALUES_H_
#define SODALITY_CLIENT_CLI_VALUES_H_

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "client/include/sodality/access_types.h"
#include "client/include/sodality/types.h"

namespace sodality::cli {

// Longer values are refused by every server.
inline constexpr size_t kMaxValueBytes = 16 * 1024;

// "90m", "12h", "14d", "2w": a whole number above 0 and a unit of s m h d w.
absl::StatusOr<std::chrono::seconds> ParseDuration(std::string_view text);

// RFC 3339, a date (the end of that day, UTC), or a duration from now on.
absl::StatusOr<Time> ParseTime(std::string_view text, Time now);
// The same, but a date is its beginning and a duration lies in the past.
absl::StatusOr<Time> ParsePastTime(std::string_view text, Time now);

// "20/h,100/d,500": members an hour, a day and in all, any of them.
absl::StatusOr<Budget> ParseBudget(std::string_view text);

// A whole number from `least` to `most`; `name` is for the message.
struct Range {
  std::string name;
  int64_t least = 0;
  int64_t most = 0;
};
absl::StatusOr<int64_t> ParseNumber(std::string_view text, const Range& range);

// "FIELD=VALUE". The value may be empty, hold "=", and is UTF-8 of at most
// kMaxValueBytes; the name is lower-cased.
absl::StatusOr<Filter> ParseAssignment(std::string_view text);
absl::StatusOr<std::vector<Filter>> ParseAssignments(
    std::span<const std::string> texts);

// One of `known`; the message has the nearest. `what` names the kind.
absl::Status CheckKnown(std::string_view what, std::string_view word,
                        std::span<const std::string> known);

// An id of 26 base32 characters, lower-cased. `what` is for the message.
absl::StatusOr<std::string> ParseId(std::string_view what,
                                    std::string_view text);

// "2026-11-26T18:49:15Z".
std::string FormatTime(Time time);
// "2026-11-26 18:49", UTC; for people.
std::string ShowTime(Time time);

}  // namespace sodality::cli

#endif  // SODALITY_CLIENT_CLI_VALUES_H_
