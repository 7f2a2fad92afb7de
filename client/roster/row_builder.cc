#include "client/roster/row_builder.h"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "text/normalise.h"
#include "text/scalars.h"
#include "text/tags.h"

namespace sodality::roster {
namespace {

constexpr std::string_view kGoogleSeparator = " ::: ";

std::string ReadRefusal(std::string cell) {
  const absl::StatusOr<bool> refused = text::ParseYesNo(cell);
  if (!refused.ok()) return cell;
  return *refused ? "no" : "";
}

std::string ReadSubscription(std::string_view cell) {
  const std::string status = text::Normalise(cell);
  if (status == "subscribed") return "yes";
  return status == "unsubscribed" ? "no" : "";
}

std::string Read(const ColumnUse& use, const CsvRow& row) {
  std::string cell = row.cells[use.column];
  absl::StripAsciiWhitespace(&cell);
  if (cell.empty()) return cell;
  switch (use.reading) {
    case Reading::kRefusal:
      return ReadRefusal(std::move(cell));
    case Reading::kSubscription:
      return ReadSubscription(cell);
    case Reading::kBirthday:
      return cell.starts_with("--") ? "" : cell;
    case Reading::kAsIs:
      break;
  }
  return cell;
}

std::string ReadOne(const ColumnUse& use, const CsvRow& row) {
  std::string cell = Read(use, row);
  const std::size_t more = cell.find(kGoogleSeparator);
  if (more != std::string::npos) cell.resize(more);
  return cell;
}

std::string First(const FieldPlan& plan, const CsvRow& row) {
  for (const ColumnUse& use : plan.columns) {
    std::string value = ReadOne(use, row);
    if (!value.empty()) return value;
  }
  return "";
}

std::string Joined(const FieldPlan& plan, const CsvRow& row) {
  std::string joined;
  for (const ColumnUse& use : plan.columns) {
    const std::string value = ReadOne(use, row);
    if (value.empty()) continue;
    if (!joined.empty()) joined += ", ";
    joined += value;
  }
  return joined;
}

std::string NoPrevails(const FieldPlan& plan, const CsvRow& row) {
  for (const ColumnUse& use : plan.columns) {
    std::string value = ReadOne(use, row);
    const absl::StatusOr<bool> consent = text::ParseYesNo(value);
    if (consent.ok() && !*consent) return value;
  }
  return First(plan, row);
}

std::vector<std::string> All(const FieldPlan& plan, const CsvRow& row) {
  std::vector<std::string> values;
  std::set<std::string> seen;
  for (const ColumnUse& use : plan.columns) {
    std::string cell = Read(use, row);
    for (std::size_t i = cell.find(kGoogleSeparator); i != std::string::npos;
         i = cell.find(kGoogleSeparator, i)) {
      cell.replace(i, kGoogleSeparator.size(), 1, use.split);
    }
    std::vector<std::string> elements = text::SplitList(cell, use.split);
    // Of one column they are distinct.
    if (plan.columns.size() == 1) return elements;
    for (std::string& element : elements) {
      if (!seen.insert(text::Normalise(element)).second) continue;
      values.push_back(std::move(element));
    }
  }
  return values;
}

std::vector<std::string> Single(std::string value) {
  if (value.empty()) return {};
  return {std::move(value)};
}

std::vector<std::string> Values(const FieldPlan& plan, const CsvRow& row) {
  switch (plan.combination) {
    case Combination::kAll:
      return All(plan, row);
    case Combination::kJoined:
      return Single(Joined(plan, row));
    case Combination::kNoPrevails:
      return Single(NoPrevails(plan, row));
    case Combination::kFirst:
      break;
  }
  return Single(First(plan, row));
}

}  // namespace

RosterRow BuildRow(const HeaderMap& map, const CsvRow& row) {
  RosterRow built;
  built.row = row.row;
  for (const FieldPlan& plan : map.fields) {
    std::vector<std::string> values = Values(plan, row);
    if (values.empty()) continue;
    built.fields.push_back({plan.field, std::move(values)});
  }
  return built;
}

}  // namespace sodality::roster
