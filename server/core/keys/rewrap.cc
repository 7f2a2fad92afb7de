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

absl::StatusOr<RewrapBatch> Rewrapper::Read(const Rotation& rotation) const {
  constexpr size_t kPage = 50;
  const auto keyring = keys_.Current();
  std::optional<store::MemberId> after;
  if (rotation.cursor != store::MemberId{}) after = rotation.cursor;
  RewrapBatch batch;
  size_t members = 0;
  size_t bytes = 0;
  while (!batch.end && members < kMembers && bytes < kBytes) {
    const auto records = store_.Find({}, after, kPage);
    if (!records.ok()) return records.status();
    for (const store::MemberRecord& record : *records) {
      auto rewrapped = Rewrap(record, *keyring, rotation.to, random_);
      if (!rewrapped.ok()) {
        ++batch.damaged;  // The others are brought on all the same.
      } else if (*rewrapped) {
        batch.members.push_back(**std::move(rewrapped));
      }
      after = batch.last = record.id;
      bytes += record.sealed.size();
    }
    members += records->size();
    batch.end = records->size() < kPage;
  }
  return batch;
}

absl::StatusOr<RewrapBatch> Rewrapper::Take(const Rotation& rotation) {
  auto next = std::exchange(next_, std::nullopt);
  if (next && next_after_ == rotation.cursor) return *std::move(next);
  return Read(rotation);
}

void Rewrapper::Prepare(const Rotation& rotation) {
  auto batch = Read(rotation);
  if (!batch.ok()) return;  // Take meets the error again.
  next_ = *std::move(batch);
  next_after_ = rotation.cursor;
}

}  // namespace sodality::core
