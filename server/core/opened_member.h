// A stored record whose key has been unwrapped; fields are opened when asked
// for, once. Read next: field_policy.h.
#ifndef SODALITY_SERVER_CORE_OPENED_MEMBER_H_
#define SODALITY_SERVER_CORE_OPENED_MEMBER_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "crypto/key.h"
#include "crypto/record.h"
#include "server/core/member.h"
#include "server/core/values.h"
#include "server/store/member_store.h"

namespace sodality::core {

// Made by Sealer::Open. Thread safety: one user at a time. Secrets: opened
// values, wiped at destruction. Move-only. Errors of every call: DATA_LOSS.
class OpenedMember final {
 public:
  const MemberId& id() const { return record_.id; }
  uint64_t revision() const { return record_.revision; }

  // Null when the member has no value in it. Valid as long as this object,
  // until Take of the same field.
  absl::StatusOr<const ValueList*> Value(uint16_t field);
  // The same by value, empty when there is none; the field is not asked for
  // again.
  absl::StatusOr<ValueList> Take(uint16_t field);
  absl::StatusOr<crypto::MemberLedgerKey> LedgerKey() const;
  // Everything in the record.
  absl::StatusOr<Member> All() const;

 private:
  friend class Sealer;
  OpenedMember(store::MemberRecord record, crypto::RecordReader reader)
      : record_(std::move(record)), reader_(std::move(reader)) {}
  absl::StatusOr<FieldValue*> Open(uint16_t field);

  store::MemberRecord record_;  // Its bytes are borrowed by `reader_`.
  crypto::RecordReader reader_;
  std::vector<FieldValue> opened_;  // Never grows beyond its room.
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_OPENED_MEMBER_H_
