#include "server/core/opened_member.h"

#include <utility>

#include "absl/status/status.h"

namespace sodality::core {
namespace {

absl::StatusOr<ValueList> OpenList(const crypto::RecordReader& reader,
                                   uint16_t field) {
  auto encoded = reader.OpenField(field);
  if (!encoded.ok()) return encoded.status();
  return ValueList::Decode(*std::move(encoded));
}

}  // namespace

// Null when the record does not have the field.
absl::StatusOr<FieldValue*> OpenedMember::Open(uint16_t field) {
  for (FieldValue& value : opened_) {
    if (value.field == field) return &value;
  }
  if (!reader_.Has(field)) return nullptr;
  auto list = OpenList(reader_, field);
  if (!list.ok()) return list.status();
  // Pointers into it are with the caller.
  if (opened_.empty()) opened_.reserve(reader_.size());
  opened_.push_back({field, *std::move(list)});
  return &opened_.back();
}

absl::StatusOr<const ValueList*> OpenedMember::Value(uint16_t field) {
  const auto value = Open(field);
  if (!value.ok()) return value.status();
  return *value == nullptr ? nullptr : &(*value)->values;
}

absl::StatusOr<ValueList> OpenedMember::Take(uint16_t field) {
  const auto value = Open(field);
  if (!value.ok()) return value.status();
  return *value == nullptr ? ValueList() : std::move((*value)->values);
}

absl::StatusOr<crypto::MemberLedgerKey> OpenedMember::LedgerKey() const {
  const auto bytes = reader_.OpenField(kLedgerKeyField);
  if (absl::IsNotFound(bytes.status())) {
    return absl::DataLossError("a member's record lacks its ledger key");
  }
  if (!bytes.ok()) return bytes.status();
  auto key = crypto::MemberLedgerKey::FromBytes(
      bytes->Expose(crypto::AllowSecretAccess()));
  if (!key.ok()) return absl::DataLossError("a member's ledger key is damaged");
  return key;
}

absl::StatusOr<Member> OpenedMember::All() const {
  auto key = LedgerKey();
  if (!key.ok()) return key.status();
  Member member{.id = id(),
                .revision = revision(),
                .fields = {},
                .ledger_key = *std::move(key)};
  for (const uint16_t field : reader_.field_ids()) {
    if (field == kLedgerKeyField) continue;
    auto list = OpenList(reader_, field);
    if (!list.ok()) return list.status();
    member.fields.push_back({field, *std::move(list)});
  }
  return member;
}

}  // namespace sodality::core
