#include "server/core/tombstones/tombstone.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "server/core/byte_builder.h"

namespace sodality::core {
namespace {

constexpr uint8_t kTombstoneFormat = 1;

bool IsSuspension(EndedKind kind) {
  return kind == EndedKind::kSuspended || kind == EndedKind::kSuspensionLifted;
}

void Collect(const Principal& principal, std::vector<Tombstone>& out) {
  out.push_back({principal.suspended ? EndedKind::kSuspended
                                     : EndedKind::kSuspensionLifted,
                 principal.id.bytes});
}
void Collect(const Device& device, std::vector<Tombstone>& out) {
  if (device.revoked) out.push_back({EndedKind::kDevice, device.id.bytes});
}
void Collect(const Grant& grant, std::vector<Tombstone>& out) {
  if (grant.revoked) out.push_back({EndedKind::kGrant, grant.id.bytes});
}
void Collect(const Invite& invite, std::vector<Tombstone>& out) {
  if (invite.used) out.push_back({EndedKind::kInvite, invite.id.bytes});
}
void Collect(const Suppression& suppression, std::vector<Tombstone>& out) {
  out.push_back({EndedKind::kErased, suppression.id});
}
template <class Other>
void Collect(const Other&, std::vector<Tombstone>&) {}

}  // namespace

crypto::SecretBytes EncodeTombstones(const TombstoneEntry& entry) {
  ByteBuilder out;
  out.Put(kTombstoneFormat);
  out.Put(static_cast<uint64_t>(entry.time.millis));
  out.Put(static_cast<uint32_t>(entry.ended.size()));
  for (const Tombstone& one : entry.ended) {
    out.Put(static_cast<uint8_t>(one.kind)).Raw(one.id);
  }
  return out.TakeSecret();
}

absl::StatusOr<TombstoneEntry> DecodeTombstones(
    const crypto::SecretBytes& content) {
  crypto::ByteReader in(content.Expose(crypto::AllowSecretAccess()));
  const uint8_t format = in.Get<uint8_t>();
  if (in.ok() && format > kTombstoneFormat) {
    return absl::FailedPreconditionError("it is of a newer server");
  }
  TombstoneEntry entry;
  entry.time.millis = static_cast<int64_t>(in.Get<uint64_t>());
  const uint32_t count = in.Get<uint32_t>();
  for (uint32_t i = 0; i < count && in.ok(); ++i) {
    Tombstone one;
    one.kind = static_cast<EndedKind>(in.Get<uint8_t>());
    one.id = in.GetArray<16>();
    if (one.kind > EndedKind::kSuspensionLifted) {
      return absl::FailedPreconditionError("it is of a newer server");
    }
    entry.ended.push_back(one);
  }
  const bool known = std::all_of(
      entry.ended.begin(), entry.ended.end(),
      [](const Tombstone& one) { return one.kind >= EndedKind::kErased; });
  if (!in.AtEnd() || format != kTombstoneFormat || !known ||
      count > TombstoneEntry::kMaxEnded) {
    return absl::DataLossError("it is damaged");
  }
  return entry;
}

std::vector<Tombstone> TombstonesOf(const AccessFact& fact) {
  std::vector<Tombstone> out;
  std::visit([&](const auto& one) { Collect(one, out); }, fact);
  return out;
}

void Ended::Add(const TombstoneEntry& entry) {
  for (const Tombstone& one : entry.ended) {
    if (IsSuspension(one.kind)) {
      Add(one.id, {entry.time, one.kind == EndedKind::kSuspensionLifted});
    } else {
      for_good_.insert(one);
    }
  }
}

void Ended::Add(const Ended& other) {
  for_good_.insert(other.for_good_.begin(), other.for_good_.end());
  for (const auto& [principal, suspension] : other.suspensions_) {
    Add(principal, suspension);
  }
}

// The later one holds, and of two at once the one that was added later.
void Ended::Add(const store::IdBytes& principal, const Suspension& suspension) {
  const auto [at, added] = suspensions_.try_emplace(principal, suspension);
  if (!added && suspension.time >= at->second.time) at->second = suspension;
}

bool Ended::Holds(const Tombstone& tombstone) const {
  if (!IsSuspension(tombstone.kind)) return for_good_.contains(tombstone);
  const bool suspends = tombstone.kind == EndedKind::kSuspended;
  return IsSuspended(tombstone.id).value_or(false) == suspends;
}

std::vector<Tombstone> Ended::ForGood() const {
  std::vector<Tombstone> all(for_good_.begin(), for_good_.end());
  std::sort(all.begin(), all.end());
  return all;
}

std::optional<bool> Ended::IsSuspended(const store::IdBytes& principal) const {
  const auto found = suspensions_.find(principal);
  if (found == suspensions_.end()) return std::nullopt;
  return !found->second.lifted;
}

}  // namespace sodality::core
