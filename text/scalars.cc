#include "text/scalars.h"

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "text/normalise.h"

namespace sodality::text {
namespace {

struct CalendarDate {
  int year = 0;
  int month = 0;
  int day = 0;
};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// A number of at most four digits, else nothing.
std::optional<int> NumberOf(std::string_view digits) {
  if (digits.empty() || digits.size() > 4) return std::nullopt;
  int number = 0;
  for (const char c : digits) {
    if (!IsDigit(c)) return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number;
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<std::array<int, 3>> ThreeNumbers(std::string_view text,
                                               char separator) {
  const std::vector<std::string_view> parts = Split(text, separator);
  if (parts.size() != 3) return std::nullopt;
  std::array<int, 3> numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::optional<int> number = NumberOf(parts[i]);
    if (!number) return std::nullopt;
    numbers[i] = *number;
  }
  return numbers;
}

// hh:mm, seconds, fractions and a zone are enough to tell a time of day.
bool IsTimeOfDay(std::string_view text) {
  if (text.size() < 5 || text[2] != ':') return false;
  return text.find_first_not_of("0123456789:.+-Z UTC") ==
         std::string_view::npos;
}

std::string_view WithoutTimeOfDay(std::string_view text) {
  const std::size_t end = text.find_first_of(" tT");
  if (end == std::string_view::npos) return text;
  return IsTimeOfDay(text.substr(end + 1)) ? text.substr(0, end) : text;
}

int DaysIn(int year, int month) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30,
                                         31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  if (month == 2 && leap) return 29;
  return kDays[static_cast<std::size_t>(month - 1)];
}

absl::StatusOr<std::string> Written(const CalendarDate& date) {
  if (date.year < 1000) {
    return absl::InvalidArgumentError("the year needs four digits");
  }
  if (date.month < 1 || date.month > 12 || date.day < 1 ||
      date.day > DaysIn(date.year, date.month)) {
    return absl::InvalidArgumentError("no such day in the calendar");
  }
  return absl::StrFormat("%04d-%02d-%02d", date.year, date.month, date.day);
}

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t start = text.find_first_not_of(kBlanks);
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(kBlanks) - start + 1);
}

std::optional<CalendarDate> ReadDate(std::string_view text,
                                     SlashDates slashes) {
  for (const char separator : {'-', '/'}) {
    const auto numbers = ThreeNumbers(text, separator);
    if (!numbers) continue;
    const auto& [a, b, c] = *numbers;
    const bool year_first = text.find(separator) == 4;
    if (year_first) return CalendarDate{a, b, c};
    if (separator == '/' && slashes == SlashDates::kMonthFirst) {
      return CalendarDate{c, a, b};
    }
  }
  return std::nullopt;
}

}  // namespace

SlashDates SlashDatesOf(const Country& country) {
  for (const std::string_view month_first :
       {"US", "AS", "GU", "MP", "PR", "VI"}) {
    if (country.code() == month_first) return SlashDates::kMonthFirst;
  }
  return SlashDates::kRefused;
}

absl::StatusOr<std::string> ParseDate(std::string_view text,
                                      SlashDates slashes) {
  const std::optional<CalendarDate> date =
      ReadDate(WithoutTimeOfDay(Trimmed(text)), slashes);
  if (!date) return absl::InvalidArgumentError("write a date as YYYY-MM-DD");
  return Written(*date);
}

absl::StatusOr<bool> ParseYesNo(std::string_view text) {
  const std::string word = Normalise(text);
  for (const std::string_view yes : {"yes", "y", "true", "t", "1", "on"}) {
    if (word == yes) return true;
  }
  for (const std::string_view no : {"no", "n", "false", "f", "0", "off"}) {
    if (word == no) return false;
  }
  return absl::InvalidArgumentError("write yes or no");
}

}  // namespace sodality::text
