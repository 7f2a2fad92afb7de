// The fields that a member has: ids, classes, types and how they are indexed,
// read from schema.toml. Read next: values.h.
#ifndef SODALITY_SERVER_CORE_SCHEMA_H_
#define SODALITY_SERVER_CORE_SCHEMA_H_

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/core/access/types.h"

namespace sodality::core {

enum class FieldType : uint8_t {
  kText,  // Any text; compared after normalisation.
  kName,  // Words, found by `find`.
  kEmail,
  kPhone,    // Stored in E.164.
  kDate,     // YYYY-MM-DD.
  kBoolean,  // "true" or "false".
  kTag,      // A word or phrase from an open list; can be a scope.
};
std::string_view FieldTypeName(FieldType type);

struct FieldSpec {
  uint16_t id = 0;  // 1 to 999; never used again for another field.
  std::string name;
  FieldClass field_class = FieldClass::kSensitive;
  FieldType type = FieldType::kText;
  bool is_list = false;
  bool indexed = false;    // Has exact tokens (names: words and prefixes).
  bool scope = false;      // May limit a grant; type tag only.
  bool self_edit = false;  // A member may change it in their own record.
  bool unique = false;     // external_id.
};

// A field id of the record that holds the member's ledger key; no schema field.
inline constexpr uint16_t kLedgerKeyField = 1000;

class SchemaTable;

// Immutable. Thread safety: safe.
class Schema final {
 public:
  static constexpr uint64_t kExpectedMembers = 10000;
  static constexpr uint64_t kMaxExpectedMembers = 100'000'000;

  // INVALID_ARGUMENT "schema.toml:12: ..." naming line and what is wrong.
  static absl::StatusOr<Schema> Parse(std::string_view toml,
                                      std::string_view file_name);
  // The text of the default schema, written by `init`; an organising chapter's.
  static std::string DefaultToml(uint64_t expected_members = kExpectedMembers);

  const std::vector<FieldSpec>& fields() const { return fields_; }
  // Null when there is none.
  const FieldSpec* Find(std::string_view name) const;
  const FieldSpec* Find(uint16_t id) const;
  // The field by which a roster knows its members; null when there is none.
  const FieldSpec* unique_field() const;
  // How many members the truncation of tokens is planned for at the least.
  uint64_t expected_members() const { return expected_members_; }
  // For how many, when there are so many now.
  uint64_t PlannedFor(uint64_t members) const {
    return std::max(members, expected_members_);
  }

 private:
  absl::Status Add(const SchemaTable& table);
  absl::Status Finish(std::string_view file_name) const;

  std::vector<FieldSpec> fields_;
  absl::flat_hash_map<std::string, size_t> by_name_;
  absl::flat_hash_map<uint16_t, size_t> by_id_;
  uint64_t expected_members_ = kExpectedMembers;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_SCHEMA_H_
