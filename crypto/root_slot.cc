#include "crypto/root_slot.h"

#include <utility>

#include "crypto/root_key.h"

namespace sodality::crypto {

Root Root::FromKeyFile(RootKey key) {
  return {RootSlot{Custody::kKeyFile}, std::move(key)};
}

Root Root::FromShares(const ShareSet& set, RootKey key) {
  return {RootSlot{.custody = Custody::kShares, .shares = set}, std::move(key)};
}

absl::StatusOr<Root> Root::FromNewPassphrase(const SecretBytes& passphrase,
                                             const Argon2Cost& cost,
                                             Random& random) {
  const RootSlot slot{Custody::kPassphrase, {cost, RandomId(random)}};
  auto key = RootKeyFromPassphrase(passphrase, slot.passphrase);
  if (!key.ok()) return key.status();
  return Root{slot, *std::move(key)};
}

SlotFacts FactsOf(const RootSlot& slot) {
  if (slot.custody == Custody::kShares) {
    return {slot.shares.threshold, slot.shares.count, slot.shares.id};
  }
  return {slot.passphrase.cost.passes, slot.passphrase.cost.memory_kib,
          slot.passphrase.salt};
}

std::optional<RootSlot> SlotOf(Custody custody, const SlotFacts& facts) {
  RootSlot slot{custody};
  const Argon2Cost cost{facts.first, facts.second};
  switch (custody) {
    case Custody::kKeyFile:
      if (cost != Argon2Cost{0, 0} || facts.bytes != Bytes16{}) break;
      return slot;
    case Custody::kPassphrase:
      if (!CheckCost(cost).ok()) break;
      slot.passphrase = {cost, facts.bytes};
      return slot;
    case Custody::kShares:
      if (facts.first > kMaxShares || facts.second > kMaxShares) break;
      slot.shares = {facts.bytes, static_cast<uint8_t>(facts.first),
                     static_cast<uint8_t>(facts.second)};
      if (!CheckShareCounts(slot.shares.threshold, slot.shares.count).ok()) {
        break;
      }
      return slot;
  }
  return std::nullopt;
}

}  // namespace sodality::crypto
