#include "client/cli/values.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "client/cli/suggest.h"
#include "client/include/sodality/error_info.h"
#include "platform/clock.h"
#include "text/base32.h"
#include "text/utf8.h"

namespace sodality::cli {
namespace {

using std::chrono::seconds;

constexpr int64_t kMaxDays = 3660;
constexpr char kTimeForms[] =
    "a time is 2026-11-26T18:00:00Z, a date (2026-11-26) or a span (14d, 12h)";

absl::Status Invalid(const std::string& message, const std::string& hint = "") {
  return MakeError(absl::StatusCode::kInvalidArgument, message,
                   {.reason = "INVALID_VALUE", .hint = hint});
}

std::optional<int64_t> WholeNumber(std::string_view text) {
  int64_t number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return number;
}

std::optional<seconds> Unit(char unit) {
  switch (unit) {
    case 's':
      return seconds(1);
    case 'm':
      return seconds(60);
    case 'h':
      return seconds(3600);
    case 'd':
      return seconds(86400);
    case 'w':
      return seconds(7 * 86400);
    default:
      return std::nullopt;
  }
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// A date's first second; nothing when `text` is no date.
std::optional<Time> Midnight(std::string_view text) {
  if (text.size() != 10) return std::nullopt;
  const auto parsed =
      platform::ParseTimestamp(absl::StrCat(std::string(text), "T00:00:00Z"));
  if (!parsed.ok()) return std::nullopt;
  return Time(seconds(parsed->millis / 1000));
}

absl::StatusOr<Time> Absolute(std::string_view text) {
  const auto parsed = platform::ParseTimestamp(text);
  if (!parsed.ok()) return Invalid("this is no time", kTimeForms);
  return std::chrono::floor<seconds>(
      std::chrono::sys_time<std::chrono::milliseconds>(
          std::chrono::milliseconds(parsed->millis)));
}

absl::Status AddBudgetPart(std::string_view part, Budget* budget) {
  const size_t slash = part.find('/');
  const auto number = WholeNumber(part.substr(0, slash));
  const std::string_view unit =
      slash == std::string_view::npos ? "" : part.substr(slash + 1);
  uint32_t* slot = unit == "h"   ? &budget->per_hour
                   : unit == "d" ? &budget->per_day
                   : unit.empty() && slash == std::string_view::npos
                       ? &budget->in_all
                       : nullptr;
  const bool in_range = number.has_value() && *number >= 1 &&
                        *number <= std::numeric_limits<uint32_t>::max();
  if (slot == nullptr || *slot != 0 || !in_range) {
    return Invalid("this is no budget",
                   "a budget is N/h,N/d,N: members an hour, a day, in all");
  }
  *slot = static_cast<uint32_t>(*number);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<seconds> ParseDuration(std::string_view text) {
  const std::string hint =
      "a span of time is a number and s, m, h, d or w: 12h";
  if (text.empty()) return Invalid("this is no span of time", hint);
  const auto unit = Unit(text.back());
  const auto number = WholeNumber(text.substr(0, text.size() - 1));
  if (!unit || !number || *number <= 0) {
    return Invalid("this is no span of time", hint);
  }
  if (*number > kMaxDays * 86400 / unit->count()) {
    return Invalid("this span of time is too long", "at most 10 years");
  }
  return seconds(*number * unit->count());
}

absl::StatusOr<Time> ParseTime(std::string_view text, Time now) {
  if (const auto span = ParseDuration(text); span.ok()) return now + *span;
  if (const auto midnight = Midnight(text)) {
    return *midnight + seconds(86400 - 1);
  }
  return Absolute(text);
}

absl::StatusOr<Time> ParsePastTime(std::string_view text, Time now) {
  if (const auto span = ParseDuration(text); span.ok()) return now - *span;
  if (const auto midnight = Midnight(text)) return *midnight;
  return Absolute(text);
}

absl::StatusOr<Budget> ParseBudget(std::string_view text) {
  Budget budget;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(',', begin), text.size());
    const absl::Status added =
        AddBudgetPart(text.substr(begin, end - begin), &budget);
    if (!added.ok()) return added;
    begin = end + 1;
  }
  return budget;
}

absl::StatusOr<int64_t> ParseNumber(std::string_view text, const Range& range) {
  const auto number = WholeNumber(text);
  if (!number || *number < range.least || *number > range.most) {
    return Invalid(absl::StrCat(range.name, " must be a whole number from ",
                                range.least, " to ", range.most));
  }
  return *number;
}

absl::StatusOr<Filter> ParseAssignment(std::string_view text) {
  const size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    return Invalid("FIELD=VALUE is expected",
                   "quote it as a whole when the value has spaces");
  }
  Filter out{Lower(text.substr(0, equals)),
             std::string(text.substr(equals + 1))};
  if (!text::IsValidUtf8(text)) {
    return Invalid("the value of a field is not UTF-8");
  }
  if (out.value.size() > kMaxValueBytes) {
    return Invalid(out.field + ": longer than 16 KiB");
  }
  return out;
}

absl::StatusOr<std::vector<Filter>> ParseAssignments(
    std::span<const std::string> texts) {
  std::vector<Filter> out;
  for (const std::string& one : texts) {
    auto parsed = ParseAssignment(one);
    if (!parsed.ok()) return parsed.status();
    out.push_back(*std::move(parsed));
  }
  return out;
}

absl::Status CheckKnown(std::string_view what, std::string_view word,
                        std::span<const std::string> known) {
  if (std::find(known.begin(), known.end(), word) != known.end()) {
    return absl::OkStatus();
  }
  std::string all;
  for (const std::string& one : known) all += (all.empty() ? "" : ", ") + one;
  const std::string nearest = Nearest(word, known);
  return Invalid(
      "unknown " + std::string(what) + ": " + text::Printable(word),
      nearest.empty() ? "known: " + all : "did you mean " + nearest + "?");
}

absl::StatusOr<std::string> ParseId(std::string_view what,
                                    std::string_view text) {
  const auto id = text::DecodeBase32(text);
  if (!id.ok()) {
    return Invalid(std::string(what) + " must be an id of 26 characters",
                   what == "MEMBER" ? "look it up: sodality find NAME"
                                    : "copy it whole from a list");
  }
  return text::EncodeBase32(*id);
}

std::string FormatTime(Time time) {
  return platform::FormatTimestamp({time.time_since_epoch().count() * 1000});
}

std::string ShowTime(Time time) {
  std::string text = FormatTime(time).substr(0, 16);
  text[10] = ' ';
  return text;
}

}  // namespace sodality::cli
