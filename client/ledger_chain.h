// Verifies the ledger without reading a member: numbers without gaps, each
// entry's predecessor, each member's own sequence, and the signed head. Byte
// layouts: docs/formats.md "Ledger".
#ifndef SODALITY_CLIENT_LEDGER_CHAIN_H_
#define SODALITY_CLIENT_LEDGER_CHAIN_H_

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/include/sodality/ledger_types.h"

namespace sodality {

using LeafHash = std::array<uint8_t, 32>;

// DATA_LOSS (BAD_HEAD) unless the head's own key signed it for this chapter,
// and the changes of key that it tells are each signed by both keys, follow
// each other by number and by key, and end in its own; INVALID_ARGUMENT when
// `chapter_id` is no id.
[[nodiscard]] absl::Status VerifyHead(const std::string& chapter_id,
                                      const LedgerHead& head);

// Takes all leaves from entry 1 on, in order. DATA_LOSS (BAD_CHAIN), naming
// the entry, at the first that does not fit. Thread safety: one thread.
class LedgerChain final {
 public:
  [[nodiscard]] absl::Status Add(const LedgerLeaf& leaf);

  // Whether the chain ends in `head`, holds what was expected, and has its
  // changes of key where `head` says; signatures are VerifyHead's matter.
  // DATA_LOSS (BAD_CHAIN).
  [[nodiscard]] absl::Status EndsIn(const LedgerHead& head) const;

  // Before any Add: entry `number` must have this leaf, as it had before, if
  // the head is of the same incarnation as then (16 bytes; empty: the first).
  void Expect(uint64_t number, const LeafHash& leaf,
              const std::string& incarnation);

  uint64_t entries() const { return entries_; }

 private:
  // The entry that the head and the chain disagree about; 0: none.
  uint64_t FirstOtherKeyStart(const LedgerHead& head) const;

  uint64_t entries_ = 0;
  LeafHash last_{};
  uint64_t expected_number_ = 0;
  LeafHash expected_leaf_{};
  std::string expected_incarnation_;
  bool is_another_ = false;  // The expected entry is not the one from before.
  std::vector<uint64_t> key_starts_;  // From which a key signs, but the first.
  std::map<std::array<uint8_t, 16>, uint64_t> sequences_;
};

}  // namespace sodality

#endif  // SODALITY_CLIENT_LEDGER_CHAIN_H_
