#include "client/cli/push_rows.h"

#include <algorithm>
#include <utility>

#include "client/cli/values.h"

namespace sodality::cli {
namespace {

constexpr size_t kMaxRowBytes = 512 * 1024;
constexpr size_t kMaxReported = 1000;

}  // namespace

PushRows::PushRows(RosterRows& source, std::function<void(uint64_t)> on_rows)
    : source_(source), on_rows_(std::move(on_rows)) {}

bool PushRows::Sendable(const RosterRow& row) {
  size_t bytes = 0;
  for (const Field& field : row.fields) {
    for (const std::string& value : field.values) {
      bytes += value.size();
      if (value.size() > kMaxValueBytes) {
        kept_back_.push_back({row.row, field.name, "longer than 16 KiB"});
        return false;
      }
    }
  }
  if (bytes <= kMaxRowBytes) return true;
  kept_back_.push_back({row.row, "", "the row is longer than 512 KiB"});
  return false;
}

// Never empty before the end, even if every row of a batch is kept back.
absl::StatusOr<std::vector<RosterRow>> PushRows::Next() {
  for (;;) {
    auto rows = source_.Next();
    if (!rows.ok() || rows->empty()) return rows;
    on_rows_(rows->size());
    std::erase_if(*rows,
                  [this](const RosterRow& row) { return !Sendable(row); });
    if (!rows->empty()) return rows;
  }
}

PushResult PushRows::Complete(PushResult result) const {
  result.rows += kept_back_.size();
  result.invalid_rows += kept_back_.size();
  result.invalid.insert(result.invalid.end(), kept_back_.begin(),
                        kept_back_.end());
  std::stable_sort(
      result.invalid.begin(), result.invalid.end(),
      [](const RowError& a, const RowError& b) { return a.row < b.row; });
  if (result.invalid.size() > kMaxReported) result.invalid.resize(kMaxReported);
  return result;
}

}  // namespace sodality::cli
