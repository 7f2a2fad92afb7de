// Tokens of the blind index: keyed hashes of normalised values, cut so short
// that several members share each. They only narrow a search; the match is
// decided on opened plaintext. docs/formats.md section 4. Read next: record.h.
#ifndef SODALITY_CRYPTO_TOKEN_H_
#define SODALITY_CRYPTO_TOKEN_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "crypto/key.h"

namespace sodality::crypto {

struct IndexToken {
  uint16_t index_version = 0;
  uint16_t slot = 0;  // A field and a kind of token; the numbering is core's.
  uint32_t bits = 0;  // The low planned bits of the hash; the others are zero.
  friend auto operator<=>(const IndexToken&, const IndexToken&) = default;
};

enum class TokenKind : uint8_t {
  kExact,  // E-mail, phone, external id.
  kWord,   // Words, word prefixes, tags.
};

struct TokenLoad {
  TokenKind kind = TokenKind::kExact;
  uint64_t members = 0;            // max(members, expected_members).
  uint32_t tokens_per_member = 1;  // In one slot, on average.
};

// Bits to keep, 0 to 32. With `n` tokens in the slot, the false matches of a
// query, n / 2^bits, lie between 2 and 4 for exact kinds (so that the chapter
// may double before 8 is passed), and for words in [2, sqrt(members)), near
// the geometric middle. When the two cannot both hold (under 16 members), the
// lower bound wins.
uint8_t PlanTokenBits(const TokenLoad& load);
// Whether tokens of so many bits would be planned otherwise by now: with fewer
// than 2 false matches they tell members apart, with more than 8 (words:
// sqrt(members)) they hardly narrow.
[[nodiscard]] bool IsOutgrown(const TokenLoad& load, uint8_t bits);

struct SlotPlan {
  uint16_t slot = 0;
  uint8_t bits = 0;
};

// Makes the tokens of one index version. Holds a subkey for each slot.
// Cost: one hash a token, no allocation. Thread safety: const methods are safe.
// Secrets: subkeys, wiped at destruction.
class TokenDeriver final {
 public:
  // INVALID_ARGUMENT when a slot comes twice or has more than 32 bits.
  static absl::StatusOr<TokenDeriver> Create(const IndexKey& key,
                                             uint16_t index_version,
                                             std::span<const SlotPlan> slots);

  uint16_t index_version() const { return index_version_; }
  // INVALID_ARGUMENT when the slot is not planned.
  absl::StatusOr<IndexToken> Derive(uint16_t slot,
                                    std::string_view normalised) const;

 private:
  struct Slot {
    SlotPlan plan;
    SubKey key;
  };
  TokenDeriver() = default;

  uint16_t index_version_ = 0;
  std::vector<Slot> slots_;  // Ascending by slot.
};

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_TOKEN_H_
