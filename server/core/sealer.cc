#include "server/core/sealer.h"

#include <utility>
#include <vector>

#include "crypto/record.h"

namespace sodality::core {

Sealer::Sealer(const ChapterId& chapter, std::shared_ptr<const Keys> keys,
               const LiveIndex& index, crypto::Random& random)
    : chapter_(chapter),
      keys_(std::move(keys)),
      index_(&index),
      random_(&random) {}

crypto::RecordContext Sealer::ContextOf(const MemberId& id,
                                        uint64_t revision) const {
  return {chapter_.bytes, id.bytes, revision};
}

absl::StatusOr<store::PutMember> Sealer::Seal(const Member& member,
                                              TokenMemo* memo) const {
  const auto keyring = keys_->Current();
  const auto wrap = keyring->Active<crypto::WrapKey>();
  if (!wrap.ok()) return wrap.status();
  const auto ledger_key = crypto::Plaintext::CopyOf(
      member.ledger_key.Expose(crypto::AllowSecretAccess()));
  std::vector<crypto::FieldToSeal> fields = {{kLedgerKeyField, &ledger_key}};
  for (const FieldValue& field : member.fields) {
    fields.push_back({field.field, &field.values.encoded()});
  }
  auto sealed = crypto::SealRecord(ContextOf(member.id, member.revision + 1),
                                   *wrap, fields, *random_);
  if (!sealed.ok()) return sealed.status();
  auto tokens = index_->Current()->TokensOf(member.fields, memo);
  if (!tokens.ok()) return tokens.status();
  return store::PutMember{.id = member.id,
                          .expected = member.revision,
                          .wrap_version = wrap->version,
                          .sealed = *std::move(sealed),
                          .tokens = *std::move(tokens)};
}

absl::StatusOr<OpenedMember> Sealer::Open(store::MemberRecord record) const {
  const auto sealed = crypto::SealedRecord::Parse(record.sealed);
  if (!sealed.ok()) return sealed.status();
  const auto keyring = keys_->Current();
  const auto wrap = keyring->Find<crypto::WrapKey>(sealed->wrap_key_version());
  if (!wrap.ok()) return wrap.status();
  auto reader = sealed->Unwrap(**wrap, ContextOf(record.id, record.revision));
  if (!reader.ok()) return reader.status();
  return OpenedMember(std::move(record), *std::move(reader));
}

}  // namespace sodality::core
