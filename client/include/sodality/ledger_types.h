// The ledger's entries and what verifies their chain. Read next: client.h.
#ifndef SODALITY_CLIENT_INCLUDE_SODALITY_LEDGER_TYPES_H_
#define SODALITY_CLIENT_INCLUDE_SODALITY_LEDGER_TYPES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sodality/types.h"

namespace sodality {

// One act on record. Times, ids and names are the server's word; what the
// chain proves is in LedgerLeaf.
struct LedgerEntry {
  // From 1 without gaps.
  uint64_t number = 0;
  // When it was recorded.
  std::optional<Time> time = {};
  // UPPER_SNAKE: SEARCH, GET, CREATE, ...
  std::string action = {};
  // Whose act, by name; empty when the principal is gone.
  std::string actor = {};
  // Whose act.
  std::string actor_id = {};
  // The grant that it went through; empty: none.
  std::string grant_id = {};
  // That grant's.
  std::string purpose = {};
  // How many members it concerns.
  uint32_t members = 0;
  // OK, or the reason for a refusal.
  std::string outcome = {};
  // Fields shown or written. Only where one member is asked for.
  std::vector<std::string> fields = {};
  // This member's own count of entries, from 1 without gaps. Only where one
  // member is asked for.
  uint64_t member_sequence = 0;
  // The device, grant, invite or principal acted on, by id; of keys, which
  // version: wrap-2.
  std::string subject = {};
};

// Asks for entries. Of one's own, `page_size` and `page_token` alone are used.
struct LedgerQuery {
  // Only those about this member; needs a grant that covers the member.
  std::string member_id = {};
  // Only those by this principal: id, or a name that only one has.
  std::string actor = {};
  // Only those from then on.
  std::optional<Time> since = {};
  // Entries in an answer; 0 means 50; at most 500.
  int page_size = 50;
  // LedgerPage::next_page_token of the page before; the rest stays the same.
  std::string page_token = {};
  // With `member_id`: the grant to look through.
  std::string grant_id = {};
};

// Some of the entries.
struct LedgerPage {
  // Newest first.
  std::vector<LedgerEntry> entries = {};
  // For the page after, which is older; empty: no more.
  std::string next_page_token = {};
};

// How one signing key of the ledger followed another, signed by both:
// docs/formats-ledger.md "Change of the signing key". Byte strings are raw.
struct LedgerKeyChange {
  // Heads from this number on are signed by the new key.
  uint64_t number = 0;
  // Ed25519 public keys, 32 bytes.
  std::string old_key = {};
  // Likewise.
  std::string new_key = {};
  // By the old key, 64 bytes.
  std::string old_signature = {};
  // By the new key, 64 bytes.
  std::string new_signature = {};
  // Every part the same.
  friend bool operator==(const LedgerKeyChange&,
                         const LedgerKeyChange&) = default;
};

// The signed end of the ledger: docs/formats-ledger.md "Ledger head". Byte
// strings are raw.
struct LedgerHead {
  // Of the newest entry.
  uint64_t number = 0;
  // SHA-256 leaf of that entry, 32 bytes.
  std::string leaf = {};
  // The store's when this was signed.
  uint64_t revision = 0;
  // Ed25519, 64 bytes.
  std::string signature = {};
  // Ed25519, 32 bytes: the one that this device saw before, or one that
  // `key_changes` lead to from there, or a fault.
  std::string public_key = {};
  // 16 bytes, others after each restore of a backup; empty: there was none.
  std::string incarnation = {};
  // The incarnation whose backup was restored, zeros of the first; or empty.
  std::string parent = {};
  // Up to `public_key`, the oldest first; 64 at most.
  std::vector<LedgerKeyChange> key_changes = {};
  // Every part the same.
  friend bool operator==(const LedgerHead&, const LedgerHead&) = default;
};

// What verifies an entry without reading it. Holds no member's data.
struct LedgerLeaf {
  // Of the entry.
  uint64_t number = 0;
  // docs/formats-ledger.md "Ledger header", raw.
  std::string header = {};
  // A salted commitment of each member part, 32 bytes each.
  std::vector<std::string> commitments = {};
};

}  // namespace sodality

#endif  // SODALITY_CLIENT_INCLUDE_SODALITY_LEDGER_TYPES_H_
