#include "server/core/roster_row.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sodality::core {
namespace {

[[nodiscard]] bool Fits(const FieldSpec& spec, MatchKey key) {
  switch (key) {
    case MatchKey::kUnique:
      return spec.unique;
    case MatchKey::kEmail:
      return spec.type == FieldType::kEmail && spec.indexed;
    case MatchKey::kPhone:
      return spec.type == FieldType::kPhone && spec.indexed;
  }
  return false;
}

class RowParser final {
 public:
  RowParser(const Schema& schema, const text::Country& country)
      : schema_(schema), country_(country) {}

  void Add(const RosterRow& row);
  ParsedBatch Take() { return std::move(batch_); }

 private:
  void AddCell(const FieldInput& cell, ParsedRow& row);
  void Refuse(uint64_t row, std::string_view column, std::string_view reason);
  [[nodiscard]] bool SaysWho(const ParsedRow& row) const;

  const Schema& schema_;
  const text::Country& country_;
  ParsedBatch batch_;
};

void RowParser::Refuse(uint64_t row, std::string_view column,
                       std::string_view reason) {
  batch_.errors.push_back({row, std::string(column), std::string(reason)});
}

void RowParser::AddCell(const FieldInput& cell, ParsedRow& row) {
  const FieldSpec* spec = schema_.Find(cell.name);
  if (spec == nullptr) return Refuse(row.row, cell.name, "no such field");
  if (Touches(row.edits, spec->id)) {
    return Refuse(row.row, cell.name, "given twice");
  }
  auto values = Canonicalise(*spec, cell.values, country_);
  if (!values.ok()) {
    const auto what = values.status().message();
    return Refuse(row.row, cell.name,
                  std::string_view(what.data(), what.size()));
  }
  if (values->empty()) return;
  for (const MatchKey key : kMatchKeys) {
    if (!Fits(*spec, key)) continue;
    for (const std::string_view value : values->views()) {
      row.forms[static_cast<size_t>(key)].push_back(ComparedForm(*spec, value));
    }
  }
  row.edits.push_back({spec->id, *std::move(values)});
}

bool RowParser::SaysWho(const ParsedRow& row) const {
  const auto says = [&](const FieldValue& value) {
    const FieldSpec& spec = *schema_.Find(value.field);
    return spec.type == FieldType::kName ||
           std::any_of(kMatchKeys.begin(), kMatchKeys.end(),
                       [&](MatchKey key) { return Fits(spec, key); });
  };
  return std::any_of(row.edits.begin(), row.edits.end(), says);
}

void RowParser::Add(const RosterRow& row) {
  const size_t errors = batch_.errors.size();
  ParsedRow parsed;
  parsed.row = row.row;
  for (const FieldInput& cell : row.fields) AddCell(cell, parsed);
  if (batch_.errors.size() == errors && !SaysWho(parsed)) {
    Refuse(row.row, "", "has no name, external id, e-mail or phone");
  }
  if (batch_.errors.size() == errors) {
    batch_.rows.push_back(std::move(parsed));
  } else {
    ++batch_.invalid_rows;
  }
}

}  // namespace

std::vector<const FieldSpec*> FieldsFor(const Schema& schema, MatchKey key) {
  std::vector<const FieldSpec*> fields;
  for (const FieldSpec& spec : schema.fields()) {
    if (Fits(spec, key)) fields.push_back(&spec);
  }
  return fields;
}

void Append(ParsedBatch more, ParsedBatch& batch) {
  std::move(more.rows.begin(), more.rows.end(), std::back_inserter(batch.rows));
  batch.errors.insert(batch.errors.end(), more.errors.begin(),
                      more.errors.end());
  batch.invalid_rows += more.invalid_rows;
}

ParsedBatch ParseRows(const Schema& schema, const text::Country& country,
                      const std::vector<RosterRow>& rows) {
  RowParser parser(schema, country);
  for (const RosterRow& row : rows) parser.Add(row);
  return parser.Take();
}

}  // namespace sodality::core
