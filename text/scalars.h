// Dates and yes/no values as rosters spell them.
#ifndef SODALITY_TEXT_SCALARS_H_
#define SODALITY_TEXT_SCALARS_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "text/phone.h"

namespace sodality::text {

// How 5/6/2019 is read. There is no safe guess, so it depends on the chapter.
enum class SlashDates { kRefused, kMonthFirst };

// kMonthFirst for the United States and their territories, else kRefused.
[[nodiscard]] SlashDates SlashDatesOf(const Country& country);

// The date as YYYY-MM-DD. Accepts that, YYYY/MM/DD, either with a time of day
// behind it (dropped), and M/D/YYYY if `slashes` allows. Years 1000 to 9999.
// INVALID_ARGUMENT otherwise, also for a day that the calendar lacks; messages
// do not repeat the input.
[[nodiscard]] absl::StatusOr<std::string> ParseDate(
    std::string_view text, SlashDates slashes = SlashDates::kRefused);

// yes, y, true, t, 1, on and no, n, false, f, 0, off in any case.
// INVALID_ARGUMENT otherwise.
[[nodiscard]] absl::StatusOr<bool> ParseYesNo(std::string_view text);

}  // namespace sodality::text

#endif  // SODALITY_TEXT_SCALARS_H_
