// THE choke point: field values leave the server through Project and in no
// other way. Read next: members.h.
#ifndef SODALITY_SERVER_CORE_FIELD_POLICY_H_
#define SODALITY_SERVER_CORE_FIELD_POLICY_H_

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "server/core/access/types.h"
#include "server/core/directory.h"
#include "server/core/ledger/entry.h"
#include "server/core/opened_member.h"
#include "server/core/schema.h"

namespace sodality::core {

// Which fields an answer shows, and which it names as hidden; the same for
// every member of the answer, so that neither says what a member has.
struct Projection {
  std::vector<const FieldSpec*> shown;
  std::vector<const FieldSpec*> hidden;
};

// A member as shown, and the record of it that has to be durable first.
struct Reveal {
  ProjectedMember member;
  MemberPart part;
};

// What one grant, or the member themself, may see of a member. Immutable.
// Thread safety: safe. Lifetime: borrows the schema.
class FieldPolicy final {
 public:
  FieldPolicy(const Schema& schema, const Grant& grant);
  // Every field, for a member's own record.
  static FieldPolicy OwnRecord(const Schema& schema);

  [[nodiscard]] bool MaySee(const FieldSpec& spec) const;
  // Null for a field that does not exist and for one that may not be seen.
  const FieldSpec* Find(std::string_view name) const;
  // The fields of a type that may be seen, in the schema's order.
  std::vector<const FieldSpec*> OfType(FieldType type) const;

  // INVALID_ARGUMENT kUnknownField when `view` names a field that Find lacks.
  absl::StatusOr<Projection> Plan(const View& view) const;

  // DATA_LOSS. Takes the values out of `member`.
  absl::StatusOr<Reveal> Project(const Projection& projection,
                                 OpenedMember& member) const;

 private:
  explicit FieldPolicy(const Schema& schema) : schema_(&schema) {}

  const Schema* schema_;
  unsigned classes_ = 0;  // A bit a FieldClass.
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_FIELD_POLICY_H_
