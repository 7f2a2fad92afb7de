// The members that the rows of a batch may be, in memory while the batch is
// worked through: stored ones found by tokens, and those that earlier rows
// added. Internal to roster.cc.
#ifndef SODALITY_SERVER_CORE_ROSTER_MATCH_H_
#define SODALITY_SERVER_CORE_ROSTER_MATCH_H_

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/core/members.h"
#include "server/core/roster_row.h"

namespace sodality::core {

// A member that a row may be. Either stored and unchanged so far, or a draft.
class Candidate final {
 public:
  explicit Candidate(OpenedMember stored) : stored_(std::move(stored)) {}
  explicit Candidate(Member added) : draft_(std::move(added)) {}

  // Null when there is no value; valid until the next change. DATA_LOSS.
  absl::StatusOr<const ValueList*> Value(uint16_t field);
  // Makes it a draft. DATA_LOSS.
  absl::Status Set(uint16_t field, ValueList values);

  // Null while nothing has changed.
  const Member* draft() const { return draft_ ? &*draft_ : nullptr; }
  const std::set<uint16_t>& written() const { return written_; }

  // Null for one that an earlier row added.
  const OpenedMember* stored() const { return stored_ ? &*stored_ : nullptr; }

  // The draft is durable.
  void MarkStored() { is_stored_ = true; }
  [[nodiscard]] bool waits() const { return draft_ && !is_stored_; }

 private:
  std::optional<OpenedMember> stored_;
  std::optional<Member> draft_;
  std::set<uint16_t> written_;
  bool is_stored_ = false;
};

// Decides on plaintext which member a row is: by external id, else e-mail, else
// phone. A member whose stronger value differs from the row's is another
// person: two people may share an address or a telephone.
// Thread safety: one user at a time. Lifetime: borrows members and schema.
class MatchTable final {
 public:
  struct Match {
    Candidate* member = nullptr;  // Null when there is none, or several.
    std::optional<MatchKey> ambiguous;
    std::vector<Candidate*> found;  // The one, or the several.
    std::optional<MatchKey> key;    // By which they were found.
  };

  MatchTable(const Members& members, const Schema& schema);

  // Reads the stored members that `rows` may be. Errors: those of Members.
  absl::Status Load(std::span<const ParsedRow* const> rows);

  absl::StatusOr<Match> Find(const ParsedRow& row);
  // Whether a member has the row's external id.
  absl::StatusOr<Candidate*> FindByUnique(const ParsedRow& row);

  absl::StatusOr<Candidate*> Add(Member member);
  // After changes of its values.
  absl::Status Reindex(Candidate& candidate);

  // Forgets everybody.
  void Clear();

  // In the order in which they came.
  std::deque<Candidate>& candidates() { return candidates_; }

 private:
  using Wanted = absl::flat_hash_set<std::string>;

  // By the stronger keys that the rows have, a bit each: a member who has one
  // of those, too, is either found by it or somebody else.
  using WantedByStronger = std::map<unsigned, Wanted>;
  static WantedByStronger WantedBy(MatchKey key,
                                   std::span<const ParsedRow* const> rows);

  absl::Status LoadBy(MatchKey key, unsigned stronger, const Wanted& forms);
  // Of each form, in their order.
  absl::StatusOr<std::vector<Tokens>> TokensOf(const SearchIndex& index,
                                               MatchKey key,
                                               const Wanted& forms) const;
  std::vector<store::IndexSlot> SlotsOf(const SearchIndex& index,
                                        unsigned keys) const;
  // The stored members whom `query` finds and that hold one of `forms`: false
  // matches of the tokens are dropped at once.
  absl::StatusOr<std::vector<OpenedMember>> Holders(
      MatchKey key, const Wanted& forms, const store::HolderQuery& query) const;
  absl::Status Keep(MatchKey key, OpenedMember member);
  absl::Status IndexBy(MatchKey key, Candidate& candidate);
  // Those with one of the row's values of `key` now, and no stronger one that
  // differs.
  absl::StatusOr<std::vector<Candidate*>> FindBy(MatchKey key,
                                                 const ParsedRow& row);
  absl::StatusOr<bool> Is(Candidate& candidate, MatchKey key,
                          const ParsedRow& row);

  const Members& members_;
  std::array<std::vector<const FieldSpec*>, kMatchKeys.size()> fields_;
  std::deque<Candidate> candidates_;
  absl::flat_hash_map<MemberId, Candidate*> by_id_;
  std::array<absl::flat_hash_map<std::string, std::vector<Candidate*>>,
             kMatchKeys.size()>
      by_form_;
};

}  // namespace sodality::core

#endif  // SODALITY_SERVER_CORE_ROSTER_MATCH_H_
