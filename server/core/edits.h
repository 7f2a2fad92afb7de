// What a caller wants written, checked against what they may write. Read next:
// directory_writer.h.
#ifndef SODALITY_SERVER_CORE_EDITS_H_
#define SODALITY_SERVER_CORE_EDITS_H_

#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "server/core/directory.h"
#include "server/core/field_policy.h"
#include "server/core/member.h"
#include "text/phone.h"

namespace sodality::core {

// Fields with their new values, canonical; an empty list clears.
using Edits = std::vector<FieldValue>;

// Reads callers' fields. Errors of both: INVALID_ARGUMENT kUnknownField for a
// field that `policy` does not show, kInvalidValue. Borrows both.
class EditReader final {
 public:
  EditReader(const FieldPolicy& policy, const text::Country& country)
      : policy_(policy), country_(country) {}

  absl::StatusOr<Edits> Read(std::span<const FieldInput> fields) const;
  // The fields of the mask alone; one without values is cleared. A value for a
  // field outside the mask is kInvalidValue.
  absl::StatusOr<Edits> ReadMasked(const UpdateInput& input) const;

 private:
  absl::StatusOr<FieldValue> ReadOne(const FieldInput& input) const;

  const FieldPolicy& policy_;
  const text::Country& country_;
};

// Whether `edits` says anything about the field.
[[nodiscard]] bool Touches(const Edits& edits, uint16_t field);
std::vector<uint16_t> FieldsOf(const Edits& edits);
void Apply(const Edits& edits, Member& member);

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_EDITS_H_
