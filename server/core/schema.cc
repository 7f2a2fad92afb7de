#include "server/core/schema.h"

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/core/schema_reader.h"

namespace sodality::core {
namespace {

struct NamedType {
  FieldType type;
  std::string_view name;
};
constexpr std::array kTypes = {
    NamedType{FieldType::kText, "text"},
    NamedType{FieldType::kName, "name"},
    NamedType{FieldType::kEmail, "email"},
    NamedType{FieldType::kPhone, "phone"},
    NamedType{FieldType::kDate, "date"},
    NamedType{FieldType::kBoolean, "boolean"},
    NamedType{FieldType::kTag, "tag"},
};

constexpr int64_t kMaxId = 999;
constexpr size_t kMaxFields = 200;
constexpr size_t kMaxNameBytes = 64;

bool IsFieldName(std::string_view name) {
  const auto fits = [](char c) {
    return absl::ascii_islower(static_cast<unsigned char>(c)) ||
           absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '_';
  };
  return !name.empty() && name.size() <= kMaxNameBytes &&
         absl::ascii_islower(static_cast<unsigned char>(name[0])) &&
         std::all_of(name.begin(), name.end(), fits);
}

absl::StatusOr<FieldType> ParseType(std::string_view name) {
  for (const NamedType& type : kTypes) {
    if (type.name == name) return type.type;
  }
  return absl::InvalidArgumentError(
      "type is one of text, name, email, phone, date, boolean, tag");
}

// The keys of a [[field]] one by one; the first that is wrong wins.
absl::StatusOr<FieldSpec> ReadField(const SchemaTable& table) {
  FieldSpec spec;
  const auto id = table.Number("id", 1, kMaxId);
  if (!id.ok()) return id.status();
  spec.id = static_cast<uint16_t>(*id);
  auto name = table.Text("name");
  if (!name.ok()) return name.status();
  if (!IsFieldName(*name)) {
    return table.Error("name",
                       "name is a-z, 0-9 and _, begins with a letter and has "
                       "at most 64 characters");
  }
  spec.name = *std::move(name);
  const auto field_class = table.Parsed<FieldClass>("class", ParseFieldClass);
  if (!field_class.ok()) return field_class.status();
  spec.field_class = *field_class;
  const auto type = table.Parsed<FieldType>("type", ParseType);
  if (!type.ok()) return type.status();
  spec.type = *type;
  for (const auto& [key, flag] :
       {std::pair("list", &spec.is_list), std::pair("index", &spec.indexed),
        std::pair("scope", &spec.scope),
        std::pair("self_edit", &spec.self_edit),
        std::pair("unique", &spec.unique)}) {
    const auto value = table.Flag(key);
    if (!value.ok()) return value.status();
    *flag = *value;
  }
  return spec;
}

absl::Status CheckRules(const SchemaTable& table, const FieldSpec& spec) {
  if (spec.type == FieldType::kName && !spec.indexed) {
    return table.Error("type", "a name needs index = true");
  }
  if (spec.type == FieldType::kBoolean && (spec.indexed || spec.is_list)) {
    return table.Error("type", "a boolean has neither index nor list");
  }
  if (spec.scope && (spec.type != FieldType::kTag || !spec.indexed)) {
    return table.Error("scope", "scope needs type = \"tag\" and index = true");
  }
  if (spec.unique && (spec.type != FieldType::kText || !spec.indexed ||
                      spec.is_list || spec.self_edit)) {
    return table.Error("unique",
                       "unique needs type = \"text\", index = true, and "
                       "neither list nor self_edit");
  }
  return absl::OkStatus();
}

}  // namespace

std::string_view FieldTypeName(FieldType type) {
  return kTypes.at(static_cast<size_t>(type)).name;
}

absl::StatusOr<Schema> Schema::Parse(std::string_view toml,
                                     std::string_view file_name) {
  const auto document = SchemaDocument::Parse(toml, file_name);
  if (!document.ok()) return document.status();
  Schema schema;
  const auto expected =
      document->ExpectedMembers(static_cast<int64_t>(schema.expected_members_),
                                static_cast<int64_t>(kMaxExpectedMembers));
  if (!expected.ok()) return expected.status();
  schema.expected_members_ = static_cast<uint64_t>(*expected);
  for (const SchemaTable& table : document->fields()) {
    const absl::Status added = schema.Add(table);
    if (!added.ok()) return added;
  }
  const absl::Status finished = schema.Finish(file_name);
  if (!finished.ok()) return finished;
  return schema;
}

absl::Status Schema::Add(const SchemaTable& table) {
  const absl::Status known =
      table.CheckKeys({"id", "name", "class", "type", "list", "index", "scope",
                       "self_edit", "unique"});
  if (!known.ok()) return known;
  auto spec = ReadField(table);
  if (!spec.ok()) return spec.status();
  const absl::Status rules = CheckRules(table, *spec);
  if (!rules.ok()) return rules;
  if (Find(spec->id) != nullptr) {
    return table.Error("id", absl::StrCat("id ", spec->id, " is taken by ",
                                          Find(spec->id)->name));
  }
  if (Find(spec->name) != nullptr) {
    return table.Error("name", absl::StrCat(spec->name, " is there twice"));
  }
  if (spec->unique && unique_field() != nullptr) {
    return table.Error("unique", absl::StrCat("only one field is unique, and ",
                                              unique_field()->name, " is"));
  }
  if (fields_.size() == kMaxFields) {
    return table.Error("id", absl::StrCat("more than ", kMaxFields, " fields"));
  }
  by_name_[spec->name] = fields_.size();
  by_id_[spec->id] = fields_.size();
  fields_.push_back(*std::move(spec));
  return absl::OkStatus();
}

absl::Status Schema::Finish(std::string_view file_name) const {
  const bool named = std::any_of(
      fields_.begin(), fields_.end(),
      [](const FieldSpec& spec) { return spec.type == FieldType::kName; });
  if (named) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(std::string(file_name), ": no [[field]] of type \"name\""));
}

const FieldSpec* Schema::Find(std::string_view name) const {
  const auto it = by_name_.find(absl::string_view(name.data(), name.size()));
  return it == by_name_.end() ? nullptr : &fields_[it->second];
}

const FieldSpec* Schema::Find(uint16_t id) const {
  const auto it = by_id_.find(id);
  return it == by_id_.end() ? nullptr : &fields_[it->second];
}

const FieldSpec* Schema::unique_field() const {
  for (const FieldSpec& spec : fields_) {
    if (spec.unique) return &spec;
  }
  return nullptr;
}

}  // namespace sodality::core
