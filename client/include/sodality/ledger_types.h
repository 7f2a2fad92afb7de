// The ledger's entries and what verifies their chain. Read next: client.h.
#ifndef SODALITY_CLIENT_INCLUDE_SODALITY_LEDGER_TYPES_H_
#define SODALITY_CLIENT_INCLUDE_SODALITY_LEDGER_TYPES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sodality/types.h"

namespace sodality {

struct LedgerEntry {
  uint64_t number = 0;  // from 1 without gaps
  std::optional<Time> time;
  std::string action;  // UPPER_SNAKE
  std::string actor;   // a name; empty when the principal is gone
  std::string actor_id;
  std::string grant_id;
  std::string purpose;
  uint32_t members = 0;
  std::string outcome;  // OK, or the reason for a refusal
  // Only where one member is asked for.
  std::vector<std::string> fields;
  uint64_t member_sequence = 0;
  std::string subject;
};

struct LedgerQuery {
  std::string member_id;
  std::string actor;  // id, or an unambiguous name
  std::optional<Time> since;
  int page_size = 50;  // at most 500
  std::string page_token;
  std::string grant_id;
};

struct LedgerPage {
  std::vector<LedgerEntry> entries;  // newest first
  std::string next_page_token;
};

// docs/formats.md "Ledger head". Byte strings are raw.
struct LedgerHead {
  uint64_t number = 0;
  std::string leaf;
  uint64_t revision = 0;
  std::string signature;
  std::string public_key;
  friend bool operator==(const LedgerHead&, const LedgerHead&) = default;
};

struct LedgerLeaf {
  uint64_t number = 0;
  std::string header;
  std::vector<std::string> commitments;
};

}  // namespace sodality

#endif  // SODALITY_CLIENT_INCLUDE_SODALITY_LEDGER_TYPES_H_
