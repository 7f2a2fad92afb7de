// A member in the clear, whole: what a write seals. Reads open single fields
// instead (opened_member.h). Read next: sealer.h.
#ifndef SODALITY_SERVER_CORE_MEMBER_H_
#define SODALITY_SERVER_CORE_MEMBER_H_

#include <cstdint>
#include <vector>

#include "crypto/key.h"
#include "crypto/random.h"
#include "server/core/access/types.h"
#include "server/core/values.h"

namespace sodality::core {

struct FieldValue {
  uint16_t field = 0;
  ValueList values;
};

// Invariant of `fields`: ascending by field, no empty list. They may hold
// fields that the schema no longer has; a write carries them along.
// Secrets: values and key are wiped at destruction. Move-only.
struct Member {
  // A fresh id and ledger key, no fields, not stored yet.
  static Member New(crypto::Random& random);

  MemberId id;
  uint64_t revision = 0;  // As stored; 0: not yet.
  std::vector<FieldValue> fields;
  crypto::MemberLedgerKey ledger_key;

  // Null when there is none; valid until the next Set.
  const ValueList* Find(uint16_t field) const;
  // An empty list clears the field.
  void Set(uint16_t field, ValueList values);
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_MEMBER_H_
