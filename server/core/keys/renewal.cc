#include "server/core/keys/renewal.h"

#include <utility>

#include "crypto/record.h"

namespace sodality::core {

absl::StatusOr<std::optional<store::RewrapMember>> Rewrap(
    const store::MemberRecord& record, const crypto::Keyring& keyring,
    uint32_t to, RecordKey record_key, crypto::Random& random) {
  const auto sealed = crypto::SealedRecord::Parse(record.sealed);
  if (!sealed.ok()) return sealed.status();
  const uint32_t under = sealed->wrap_key_version();
  if (under != record.wrap_version) {
    return absl::DataLossError("a record is counted to another wrap version");
  }
  if (under >= to) return std::nullopt;
  const auto from = keyring.Find<crypto::WrapKey>(under);
  if (!from.ok()) return from.status();
  const auto key = keyring.Find<crypto::WrapKey>(to);
  if (!key.ok()) return key.status();
  const crypto::Versioned<crypto::WrapKey> next{to, **key};
  const crypto::RecordContext context{keyring.chapter_id(), record.id.bytes,
                                      record.revision};
  auto renewed = record_key == RecordKey::kFresh
                     ? sealed->Reseal(**from, next, context, random)
                     : sealed->Rewrap(**from, next, context, random);
  if (!renewed.ok()) return renewed.status();
  return store::RewrapMember{record.id, record.revision, to,
                             *std::move(renewed)};
}

absl::StatusOr<store::RetokenMember> Retoken(store::MemberRecord record,
                                             const Sealer& sealer,
                                             TokenMemo& memo) {
  const store::MemberId id = record.id;
  const uint64_t revision = record.revision;
  const auto opened = sealer.Open(std::move(record));
  if (!opened.ok()) return opened.status();
  const auto member = opened->All();
  if (!member.ok()) return member.status();
  auto tokens = sealer.index().Current()->TokensOf(member->fields, &memo);
  if (!tokens.ok()) return tokens.status();
  return store::RetokenMember{id, revision, *std::move(tokens)};
}

}  // namespace sodality::core
