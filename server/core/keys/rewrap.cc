#include "server/core/keys/rewrap.h"

#include <utility>

#include "crypto/record.h"

namespace sodality::core {

absl::StatusOr<std::optional<store::RewrapMember>> Rewrap(
    const store::MemberRecord& record, const crypto::Keyring& keyring,
    uint32_t to, crypto::Random& random) {
  const auto sealed = crypto::SealedRecord::Parse(record.sealed);
  if (!sealed.ok()) return sealed.status();
  if (sealed->wrap_key_version() >= to) return std::nullopt;
  const auto from = keyring.Find<crypto::WrapKey>(sealed->wrap_key_version());
  if (!from.ok()) return from.status();
  const auto key = keyring.Find<crypto::WrapKey>(to);
  if (!key.ok()) return key.status();
  auto rewrapped = sealed->Rewrap(
      **from, {to, **key},
      {keyring.chapter_id(), record.id.bytes, record.revision}, random);
  if (!rewrapped.ok()) return rewrapped.status();
  return store::RewrapMember{record.id, record.revision, to,
                             *std::move(rewrapped)};
}

}  // namespace sodality::core
