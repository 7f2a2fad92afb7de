#include "server/core/ledger/budget_book.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "server/core/error.h"

namespace sodality::core {
namespace {

constexpr uint32_t kUnlimited = std::numeric_limits<uint32_t>::max();

absl::Status Exhausted(uint32_t limit, std::string_view period,
                       std::optional<Timestamp> retry_at) {
  return MakeError(
      absl::StatusCode::kResourceExhausted,
      absl::StrCat("the grant's budget of ", limit, " members ",
                   std::string(period), " is used up"),
      {.reason = Reason::kBudgetExhausted,
       .hint = retry_at ? absl::StrCat("it refills from ",
                                       platform::FormatTimestamp(*retry_at))
                        : "ask an admin for a new grant",
       .retry_at = retry_at});
}

// More at once than would fit an unused budget: waiting does not help.
absl::Status MoreThanAll(uint32_t limit, std::string_view period) {
  return MakeError(
      absl::StatusCode::kResourceExhausted,
      absl::StrCat("this shows more members than the grant's budget of ", limit,
                   " ", std::string(period)),
      {.reason = Reason::kBudgetExhausted,
       .hint = "ask for fewer: narrow the search, or lower its limit"});
}

uint32_t Rest(uint32_t limit, size_t used) {
  if (limit == 0) return kUnlimited;
  return used >= limit ? 0 : limit - static_cast<uint32_t>(used);
}

}  // namespace

void DistinctWindow::Slide(Timestamp now) {
  while (!order_.empty() && order_.front().at + length_ <= now) {
    seen_.erase(order_.front().tag);
    order_.pop_front();
  }
}

void DistinctWindow::Note(const store::LedgerTag& tag, Timestamp now) {
  Slide(now);
  const auto known = seen_.find(tag);
  if (known != seen_.end()) {
    known->second->at = now;
    order_.splice(order_.end(), order_, known->second);
    return;
  }
  order_.push_back({tag, now});
  seen_.emplace(tag, std::prev(order_.end()));
}

size_t DistinctWindow::CountNew(std::span<const store::LedgerTag> tags,
                                Timestamp now) {
  Slide(now);
  return static_cast<size_t>(
      std::count_if(tags.begin(), tags.end(),
                    [&](const auto& tag) { return !seen_.contains(tag); }));
}

size_t DistinctWindow::Count(Timestamp now) {
  Slide(now);
  return order_.size();
}

Timestamp DistinctWindow::FreeAt(size_t needed, size_t limit) const {
  const size_t used = order_.size();
  const size_t must_leave = used + needed > limit ? used + needed - limit : 1;
  return std::next(order_.begin(), static_cast<std::ptrdiff_t>(must_leave - 1))
             ->at +
         length_;
}

absl::Status BudgetBook::Check(const GrantId& grant, const Budget& limits,
                               std::span<const store::LedgerTag> tags,
                               Timestamp now) {
  Page& page = pages_[grant];
  if (limits.in_all != 0) {
    const auto fresh = static_cast<size_t>(std::count_if(
        tags.begin(), tags.end(),
        [&](const auto& tag) { return !page.all.contains(tag); }));
    const size_t needed = tags.empty() ? 1 : fresh;
    if (needed > limits.in_all) return MoreThanAll(limits.in_all, "in all");
    if (page.all.size() + needed > limits.in_all && needed > 0) {
      return Exhausted(limits.in_all, "in all", std::nullopt);
    }
  }
  const auto check = [&](DistinctWindow& window, uint32_t limit,
                         std::string_view period) {
    const size_t needed = tags.empty() ? 1 : window.CountNew(tags, now);
    if (limit == 0 || needed == 0 || window.Count(now) + needed <= limit) {
      return absl::OkStatus();
    }
    if (needed > limit) return MoreThanAll(limit, period);
    return Exhausted(limit, period, window.FreeAt(needed, limit));
  };
  if (auto s = check(page.hour, limits.per_hour, "an hour"); !s.ok()) return s;
  return check(page.day, limits.per_day, "a day");
}

void BudgetBook::Note(const GrantId& grant,
                      std::span<const store::LedgerTag> tags, Timestamp at) {
  Page& page = pages_[grant];
  for (const auto& tag : tags) {
    page.hour.Note(tag, at);
    page.day.Note(tag, at);
    page.all.insert(tag);
  }
}

Budget BudgetBook::Left(const GrantId& grant, const Budget& limits,
                        Timestamp now) {
  Page& page = pages_[grant];
  return {Rest(limits.per_hour, page.hour.Count(now)),
          Rest(limits.per_day, page.day.Count(now)),
          Rest(limits.in_all, page.all.size())};
}

}  // namespace sodality::core
