// schema.toml as tables with line numbers; the only code of the core that knows
// the TOML library. Internal to schema.cc.
#ifndef SODALITY_SERVER_CORE_SCHEMA_READER_H_
#define SODALITY_SERVER_CORE_SCHEMA_READER_H_

#include <toml++/toml.h>

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace sodality::core {

// One [[field]]. Borrows the document. Every error is INVALID_ARGUMENT
// "<file>:<line>: ..." with the line of the key, or of the table without it.
class SchemaTable final {
 public:
  SchemaTable(const toml::table& table, std::string_view file)
      : table_(&table), file_(file) {}

  absl::Status Error(std::string_view key, std::string_view what) const;
  // Names the first key that is not among `known`.
  absl::Status CheckKeys(std::initializer_list<std::string_view> known) const;
  absl::StatusOr<std::string> Text(std::string_view key) const;
  absl::StatusOr<int64_t> Number(std::string_view key, int64_t least,
                                 int64_t most) const;
  // False when absent.
  absl::StatusOr<bool> Flag(std::string_view key) const;

  // Text that `parse` turns into a T, or refuses.
  template <class T>
  absl::StatusOr<T> Parsed(std::string_view key,
                           absl::StatusOr<T> (*parse)(std::string_view)) const {
    const auto text = Text(key);
    if (!text.ok()) return text.status();
    auto value = parse(*text);
    if (value.ok()) return value;
    const auto what = value.status().message();
    return Error(key, std::string_view(what.data(), what.size()));
  }

 private:
  const toml::table* table_;
  std::string_view file_;
};

class SchemaDocument final {
 public:
  // INVALID_ARGUMENT "<file>:<line>: ..." when it is no TOML, or has anything
  // but [chapter] and [[field]]. Borrows `file`.
  static absl::StatusOr<SchemaDocument> Parse(std::string_view toml,
                                              std::string_view file);

  // Of [chapter]; `otherwise` when it is not given.
  absl::StatusOr<int64_t> ExpectedMembers(int64_t otherwise,
                                          int64_t most) const;
  const std::vector<SchemaTable>& fields() const { return fields_; }

 private:
  SchemaDocument(toml::table root, std::string_view file);
  absl::Status ReadFields();

  std::unique_ptr<const toml::table> root_;
  std::string_view file_;
  std::vector<SchemaTable> fields_;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_SCHEMA_READER_H_
