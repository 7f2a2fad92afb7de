// The two TOML files that people write: a roster's map and a chapter's schema.
#include "client/roster/map_file.h"
#include "server/core/schema.h"
#include "tests/fuzz/fuzz_input.h"

namespace {

using sodality::fuzz::Require;

// Unlike data, a map and a schema may be quoted in errors: they are the
// reader's own. The code is what counts.
void RequireInvalid(const absl::Status& status) {
  Require(absl::IsInvalidArgument(status), "a refusal is INVALID_ARGUMENT");
  Require(!status.message().empty(), "a refusal says why");
}

void CheckMap(std::string_view toml) {
  const auto map = sodality::roster::ParseMapFile(toml);
  if (!map.ok()) return RequireInvalid(map.status());
  for (const auto& rule : map->columns) {
    Require(rule.line >= 1, "a rule knows its line");
    Require(!rule.field.empty(), "a rule names a field");
  }
}

void CheckSchema(std::string_view toml) {
  const auto schema = sodality::core::Schema::Parse(toml, "schema.toml");
  if (!schema.ok()) return RequireInvalid(schema.status());
  size_t unique = 0;
  for (const auto& field : schema->fields()) {
    Require(field.id >= 1 && field.id <= 999, "ids are 1 to 999");
    Require(schema->Find(field.id) == &field, "no id occurs twice");
    Require(schema->Find(field.name) == &field, "no name occurs twice");
    unique += field.unique ? 1 : 0;
  }
  Require(unique <= 1, "at most one field is unique");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(data, data + size);
  CheckMap(text);
  CheckSchema(text);
  return 0;
}
