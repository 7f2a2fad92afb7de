#include "client/roster/map_file.h"

#include <toml++/toml.h>

#include <optional>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "client/roster/aliases.h"
#include "text/toml_text.h"
#include "text/utf8.h"

namespace sodality::roster {
namespace {

absl::Status AtLine(std::uint32_t line, std::string_view reason) {
  return absl::InvalidArgumentError(
      absl::StrCat("map, line ", line, ": ", std::string(reason)));
}

absl::Status AtNode(const toml::node& node, std::string_view reason) {
  return AtLine(node.source().begin.line, reason);
}

// Fills a rule from its table, key by key.
class RuleReader final {
 public:
  explicit RuleReader(ColumnRule& rule) : rule_(rule) {}

  absl::Status Read(const toml::table& table) {
    for (const auto& [key, node] : table) {
      const absl::Status read = ReadKey(key.str(), node);
      if (!read.ok()) return read;
    }
    if (rule_.field.empty()) return AtNode(table, "field is missing");
    return absl::OkStatus();
  }

 private:
  absl::Status ReadKey(std::string_view key, const toml::node& node) {
    if (key == "field") return ReadField(node);
    if (key == "split") return ReadSplit(node);
    if (key == "refusal") return ReadRefusal(node);
    return AtNode(node, "a column has the keys field, split and refusal");
  }

  absl::Status ReadField(const toml::node& node) {
    const auto field = node.value_exact<std::string>();
    if (!field) return AtNode(node, "field is a string");
    rule_.field = *field;
    return absl::OkStatus();
  }

  absl::Status ReadSplit(const toml::node& node) {
    const auto split = node.value_exact<std::string>();
    const bool ascii = split && split->size() == 1 && (*split)[0] > 0;
    if (!ascii) return AtNode(node, "split is a string of one ASCII character");
    rule_.split = (*split)[0];
    return absl::OkStatus();
  }

  absl::Status ReadRefusal(const toml::node& node) {
    const auto refusal = node.value_exact<bool>();
    if (!refusal) return AtNode(node, "refusal is true or false");
    rule_.refusal = *refusal;
    return absl::OkStatus();
  }

  ColumnRule& rule_;
};

class MapReader final {
 public:
  absl::StatusOr<MapFile> Read(const toml::table& root) {
    for (const auto& [key, node] : root) {
      const absl::Status read = ReadKey(key.str(), node);
      if (!read.ok()) return read;
    }
    return std::move(map_);
  }

 private:
  absl::Status ReadKey(std::string_view key, const toml::node& node) {
    if (key == "columns") return ReadColumns(node);
    if (key == "ignore") return ReadIgnored(node);
    return AtNode(node, "a map has the keys columns and ignore");
  }

  absl::Status ReadColumns(const toml::node& node) {
    const toml::table* const columns = node.as_table();
    if (columns == nullptr) return AtNode(node, "columns is a table");
    for (const auto& [key, value] : *columns) {
      const absl::Status read = ReadColumn(key.str(), value);
      if (!read.ok()) return read;
    }
    return absl::OkStatus();
  }

  absl::Status ReadColumn(std::string_view column, const toml::node& node) {
    ColumnRule rule;
    rule.column = column;
    rule.line = node.source().begin.line;
    if (const toml::table* const table = node.as_table()) {
      const absl::Status read = RuleReader(rule).Read(*table);
      if (!read.ok()) return read;
    } else if (const auto field = node.value_exact<std::string>();
               field && !field->empty()) {
      rule.field = *field;
    } else {
      return AtNode(node, "a column is a field's name or a table");
    }
    if (!IsNew(column)) return AtNode(node, "this column is named twice");
    map_.columns.push_back(std::move(rule));
    return absl::OkStatus();
  }

  absl::Status ReadIgnored(const toml::node& node) {
    const toml::array* const ignored = node.as_array();
    if (ignored == nullptr) return AtNode(node, "ignore is a list of columns");
    for (const toml::node& element : *ignored) {
      const auto column = element.value_exact<std::string>();
      if (!column) return AtNode(element, "ignore is a list of columns");
      if (!IsNew(*column)) return AtNode(element, "this column is named twice");
      map_.ignored.push_back({*column, element.source().begin.line});
    }
    return absl::OkStatus();
  }

  bool IsNew(std::string_view column) {
    return seen_.insert(ColumnKey(column)).second;
  }

  MapFile map_;
  std::set<std::string> seen_;
};

}  // namespace

absl::StatusOr<MapFile> ParseMapFile(std::string_view toml) {
  if (toml.size() > kMaxMapFileBytes) {
    return absl::InvalidArgumentError("the map is larger than 256 KiB");
  }
  if (toml.starts_with("\xEF\xBB\xBF")) toml.remove_prefix(3);
  if (!text::IsValidUtf8(toml)) {
    return absl::InvalidArgumentError("the map is not valid UTF-8");
  }
  if (const auto line = text::LineBeyondAscii(toml)) {
    return AtLine(*line, text::kBeyondAscii);
  }
  try {
    return MapReader().Read(toml::parse(toml));
  } catch (const toml::parse_error& error) {
    return AtLine(error.source().begin.line, error.description());
  }
}

}  // namespace sodality::roster
