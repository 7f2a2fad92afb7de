#include "server/core/schema_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "text/toml_text.h"

namespace sodality::core {
namespace {

absl::Status ErrorAt(std::string_view file, const toml::source_region& where,
                     std::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(
      std::string(file), ":", where.begin.line, ": ", std::string(what)));
}

absl::StatusOr<toml::table> ParseToml(std::string_view toml,
                                      std::string_view file) {
  if (const auto line = text::LineBeyondAscii(toml)) {
    return absl::InvalidArgumentError(absl::StrCat(
        std::string(file), ":", *line, ": ", std::string(text::kBeyondAscii)));
  }
  try {
    return toml::table(toml::parse(toml, file));
  } catch (const toml::parse_error& error) {
    return ErrorAt(file, error.source(), error.description());
  }
}

}  // namespace

absl::Status SchemaTable::Error(std::string_view key,
                                std::string_view what) const {
  const toml::node* node = table_->get(key);
  return ErrorAt(file_, node == nullptr ? table_->source() : node->source(),
                 what);
}

absl::Status SchemaTable::CheckKeys(
    std::initializer_list<std::string_view> known) const {
  for (const auto& [key, node] : *table_) {
    if (std::find(known.begin(), known.end(), key.str()) != known.end()) {
      continue;
    }
    return Error(key.str(),
                 absl::StrCat("unknown key ", std::string(key.str())));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> SchemaTable::Text(std::string_view key) const {
  const toml::node* node = table_->get(key);
  const auto* text = node == nullptr ? nullptr : node->as_string();
  if (text == nullptr) {
    return Error(key, absl::StrCat(std::string(key), " = \"...\" is needed"));
  }
  return text->get();
}

absl::StatusOr<int64_t> SchemaTable::Number(std::string_view key, int64_t least,
                                            int64_t most) const {
  const toml::node* node = table_->get(key);
  const auto* number = node == nullptr ? nullptr : node->as_integer();
  if (number == nullptr || number->get() < least || number->get() > most) {
    return Error(key, absl::StrCat(std::string(key), " is a number from ",
                                   least, " to ", most));
  }
  return number->get();
}

absl::StatusOr<bool> SchemaTable::Flag(std::string_view key) const {
  const toml::node* node = table_->get(key);
  if (node == nullptr) return false;
  const auto* flag = node->as_boolean();
  if (flag == nullptr) {
    return Error(key, absl::StrCat(std::string(key), " is true or false"));
  }
  return flag->get();
}

SchemaDocument::SchemaDocument(toml::table root, std::string_view file)
    : root_(std::make_unique<const toml::table>(std::move(root))),
      file_(file) {}

absl::StatusOr<SchemaDocument> SchemaDocument::Parse(std::string_view toml,
                                                     std::string_view file) {
  auto root = ParseToml(toml, file);
  if (!root.ok()) return root.status();
  SchemaDocument document(*std::move(root), file);
  const SchemaTable whole(*document.root_, file);
  const absl::Status known = whole.CheckKeys({"chapter", "field"});
  if (!known.ok()) return known;
  const absl::Status read = document.ReadFields();
  if (!read.ok()) return read;
  return document;
}

absl::Status SchemaDocument::ReadFields() {
  const toml::node* node = root_->get("field");
  if (node == nullptr) return absl::OkStatus();
  const toml::array* array = node->as_array();
  if (array == nullptr || !array->is_homogeneous<toml::table>()) {
    return ErrorAt(file_, node->source(), "a field is written as [[field]]");
  }
  for (const toml::node& entry : *array) {
    fields_.emplace_back(*entry.as_table(), file_);
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> SchemaDocument::ExpectedMembers(int64_t otherwise,
                                                        int64_t most) const {
  const toml::node* node = root_->get("chapter");
  if (node == nullptr) return otherwise;
  const toml::table* chapter = node->as_table();
  if (chapter == nullptr) {
    return ErrorAt(file_, node->source(),
                   "the chapter is written as [chapter]");
  }
  const SchemaTable table(*chapter, file_);
  const absl::Status known = table.CheckKeys({"expected_members"});
  if (!known.ok()) return known;
  if (!chapter->contains("expected_members")) return otherwise;
  return table.Number("expected_members", 1, most);
}

}  // namespace sodality::core
