// Erased members and rosters: what to remember of a member who is erased, and
// whether a row names somebody who was (docs/adr/0017-erased-members.md).
// Internal to directory_erase.cc and roster_take.cc.
#ifndef SODALITY_SERVER_CORE_ERASED_H_
#define SODALITY_SERVER_CORE_ERASED_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/core/member.h"
#include "server/core/roster_match.h"
#include "server/core/roster_row.h"
#include "server/core/suppression.h"

namespace sodality::core {

// Thread safety: safe. Lifetime: borrows both.
class ErasedMembers final {
 public:
  // In one erasure, so that it fits a write whatever the member has.
  static constexpr size_t kMaxRows = 512;

  ErasedMembers(const Schema& schema, const SuppressionList& list);

  // The ids of what the list lacks of `member`, each once: the member
  // themselves, by whom a restore knows them, external ids, then e-mail
  // addresses and telephone numbers, then those with the name's words.
  std::vector<store::IdBytes> RowsOf(const Member& member) const;

  // Whether the row names an erased member, by external id or by an e-mail
  // address or telephone number with a word of the first name that the row
  // has. One without a name does when it is nobody else's. A row that is a
  // member's by external id, by a contact that no erased member had, or by one
  // and name, is never an erased one.
  // DATA_LOSS.
  absl::StatusOr<bool> Names(const ParsedRow& row, MatchTable& table) const;

 private:
  enum class Likeness { kNone, kContact, kPerson };
  using Words = std::vector<std::string>;

  Likeness Compare(const ParsedRow& row) const;
  // Of a row with an erased member's contact.
  Likeness CompareName(const Contact& contact, const Words& first) const;
  // Of the first name field, in the schema's order, that the row has.
  Words FirstName(const ParsedRow& row) const;
  // Whether the row is the member's, whom `key` found.
  absl::StatusOr<bool> IsTheirs(const ParsedRow& row, MatchKey key,
                                Candidate& member) const;
  absl::StatusOr<bool> Bears(Candidate& member, const Words& name) const;

  const SuppressionList& list_;
  std::vector<const FieldSpec*> unique_;
  std::vector<const FieldSpec*> emails_;
  std::vector<const FieldSpec*> phones_;
  std::vector<const FieldSpec*> names_;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_ERASED_H_
