#include "crypto/token.h"

#include <algorithm>
#include <cmath>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "crypto/aad.h"
#include "crypto/byte_codec.h"
#include "crypto/keyed_hash.h"

namespace sodality::crypto {
namespace {

constexpr uint8_t kMaxBits = 32;
constexpr double kFewestFalseMatches = 2;
constexpr double kMostFalseMatches = 8;  // Of exact kinds.

// Rounding to whole bits gives up to twice the target, so the fourth root puts
// the outcome in the middle, on a logarithmic scale, of [2, sqrt(members)).
double WordTarget(uint64_t members) {
  return std::max(kFewestFalseMatches,
                  std::sqrt(std::sqrt(static_cast<double>(members))));
}

double TokensOf(const TokenLoad& load) {
  return static_cast<double>(load.members) *
         static_cast<double>(load.tokens_per_member);
}

uint32_t Truncate(uint32_t hash, uint8_t bits) {
  return bits >= 32 ? hash : hash & ((uint32_t{1} << bits) - 1);
}

}  // namespace

uint8_t PlanTokenBits(const TokenLoad& load) {
  const double tokens = TokensOf(load);
  const double target = load.kind == TokenKind::kExact
                            ? kFewestFalseMatches
                            : WordTarget(load.members);
  if (tokens < target) return 0;
  const int bits = std::ilogb(tokens / target);  // Rounds down: never fewer.
  return static_cast<uint8_t>(std::min<int>(bits, kMaxBits));
}

bool IsOutgrown(const TokenLoad& load, uint8_t bits) {
  const double matches = std::ldexp(TokensOf(load), -int{bits});
  const double most = load.kind == TokenKind::kExact
                          ? kMostFalseMatches
                          : std::sqrt(static_cast<double>(load.members));
  const bool within = kFewestFalseMatches <= matches && matches <= most;
  return !within && bits != PlanTokenBits(load);
}

absl::StatusOr<TokenDeriver> TokenDeriver::Create(
    const IndexKey& key, uint16_t index_version,
    std::span<const SlotPlan> slots) {
  TokenDeriver deriver;
  deriver.index_version_ = index_version;
  for (const SlotPlan& plan : slots) {
    if (plan.bits > kMaxBits) {
      return absl::InvalidArgumentError(
          absl::StrCat("slot ", plan.slot, " has more than 32 bits"));
    }
    AssociatedData input("sodality/token-key/1");
    input.AddU16(plan.slot);
    deriver.slots_.push_back({plan, DeriveSubKey(key, input)});
  }
  auto& sorted = deriver.slots_;
  std::sort(sorted.begin(), sorted.end(), [](const Slot& a, const Slot& b) {
    return a.plan.slot < b.plan.slot;
  });
  const auto twice = std::adjacent_find(
      sorted.begin(), sorted.end(),
      [](const Slot& a, const Slot& b) { return a.plan.slot == b.plan.slot; });
  if (twice != sorted.end()) {
    return absl::InvalidArgumentError(
        absl::StrCat("slot ", twice->plan.slot, " is planned twice"));
  }
  return deriver;
}

absl::StatusOr<IndexToken> TokenDeriver::Derive(
    uint16_t slot, std::string_view normalised) const {
  const auto found = std::lower_bound(
      slots_.begin(), slots_.end(), slot,
      [](const Slot& a, uint16_t b) { return a.plan.slot < b; });
  if (found == slots_.end() || found->plan.slot != slot) {
    return absl::InvalidArgumentError(
        absl::StrCat("slot ", slot, " is not planned"));
  }
  // The subkey is the slot's alone, so the value needs no further framing.
  Bytes16 hash;
  KeyedBlake2b(found->key.Expose(AllowSecretAccess()), AsBytes(normalised),
               hash);
  const auto low = std::span<const uint8_t, 16>(hash).first<4>();
  return IndexToken{
      index_version_, slot,
      Truncate(FromLittleEndian<uint32_t>(low), found->plan.bits)};
}

}  // namespace sodality::crypto
