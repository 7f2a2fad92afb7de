// A directory as plain maps: what each act must answer and leave behind. It
// shares no code with the core but the types of ids, roles and reasons.
// Read next: history.h.
#ifndef SODALITY_TESTS_MODEL_DIRECTORY_MODEL_H_
#define SODALITY_TESTS_MODEL_DIRECTORY_MODEL_H_

#include <map>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "server/core/access/types.h"
#include "server/core/error.h"
#include "server/core/ledger/entry.h"

namespace sodality::model {

using core::Action;
using core::FieldClass;
using core::GrantId;
using core::MemberId;
using core::Outcome;
using core::PrincipalId;
using core::Reason;
using core::Role;
using core::Timestamp;

// One value a field.
using Fields = std::map<std::string, std::string>;
// Empty where there is none.
std::string Value(const Fields& fields, const std::string& name);

// How an act ended: code kOk, or why not.
struct Verdict {
  absl::StatusCode code = absl::StatusCode::kOk;
  Reason reason = Reason::kNone;
  std::optional<Timestamp> retry_at;

  [[nodiscard]] bool ok() const { return code == absl::StatusCode::kOk; }
  bool operator==(const Verdict&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Verdict& verdict);
Verdict VerdictOf(const absl::Status& status);

struct Person {
  std::string name;
  PrincipalId id;
  Role role = Role::kCoordinator;
  bool suspended = false;
  bool revoked = false;  // Their device.
};

struct Member {
  uint64_t revision = 1;
  Fields fields;
};

struct Grant {
  PrincipalId principal;
  std::vector<FieldClass> classes;
  std::set<std::string> regions;  // None: all.
  core::Budget budget;
  Timestamp not_after;
  bool revoked = false;
  uint64_t version = 1;
};

struct Entry {
  Action action = Action::kGet;
  Outcome outcome = Outcome::kDone;
  PrincipalId actor;
  GrantId grant;
  std::vector<MemberId> members;
};

// What is shown of a member.
struct Seen {
  MemberId id;
  uint64_t revision = 0;
  Fields fields;
  std::set<std::string> hidden;
  bool operator==(const Seen&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Seen& seen);

enum class Showing : uint8_t { kBasic, kAll, kNotes };

struct Question {
  std::vector<std::string> words;
  std::optional<std::pair<std::string, std::string>> filter;
  Showing showing = Showing::kBasic;
  size_t page_size = 3;
  std::optional<MemberId> after;
  bool bad_token = false;
};

struct Page {
  std::vector<Seen> members;
  bool more = false;
};

// Who acts, through which grant (none: the only one), and when.
struct As {
  PrincipalId who;
  std::optional<GrantId> grant;
  Timestamp now;
};

struct RosterSums {
  size_t added = 0;
  size_t changed = 0;
  size_t unchanged = 0;
  size_t suppressed = 0;
  bool operator==(const RosterSums&) const = default;
};

// Each act says how it must end, and adds its entry. Copyable: what might have
// happened is another model.
class DirectoryModel final {
 public:
  std::map<PrincipalId, Person> people;
  std::map<MemberId, Member> members;
  std::map<GrantId, Grant> grants;
  std::set<std::string> suppressed;
  std::vector<Entry> entries;

  Verdict Identify(const PrincipalId& who) const;
  // Which grant an act goes through.
  Verdict Reach(const As& as, GrantId& grant) const;
  // Whether somebody else could still run the chapter.
  bool LeavesAnAdmin(const PrincipalId& without) const;

  Verdict Get(const As& as, const MemberId& member, Showing showing,
              Seen& seen);
  Verdict Search(const As& as, const Question& question, Page& page);
  // `id` is the one it was given, if it was added.
  Verdict Create(const As& as, const Fields& fields, const MemberId& id);
  // Empty values take fields away. `revision` 0: whatever it is.
  Verdict Update(const As& as, const MemberId& member, uint64_t revision,
                 const Fields& fields);
  Verdict Erase(const As& as, const MemberId& member);
  // Rows have an external id each, no two the same one. Who is new is known
  // later: Adopt.
  Verdict Push(const As& as, const std::vector<Fields>& rows, RosterSums& sums);
  // The rows of the last push that were added, and got this id.
  void Adopt(const MemberId& id, const Fields& row);

  Verdict GiveGrant(const As& as, const Grant& grant, const GrantId& id);
  Verdict RevokeGrant(const As& as, const GrantId& id);
  Verdict RevokeDevice(const As& as, const PrincipalId& of);
  Verdict Suspend(const As& as, const PrincipalId& of, bool lift);

  // What `grant` has left, as it would be told.
  core::Budget Left(const GrantId& grant, Timestamp now) const;

 private:
  bool IsVisible(const Grant& grant, const std::string& field) const;
  bool Covers(const Grant& grant, const Member& member) const;
  const Member* Find(const Grant& grant, const MemberId& id) const;
  Verdict Plan(const Grant& grant, Showing showing) const;
  Seen Show(const Grant& grant, const MemberId& id, Showing showing) const;
  Verdict Compile(const Grant& grant, const Question& question) const;
  static bool Matches(const Member& member, const Question& question);
  Verdict CheckResult(const GrantId& through, const Member* before,
                      const MemberId& id, const Member& after, Entry entry,
                      Timestamp now);

  // The entry, when the budget allows it; else its refusal.
  Verdict Release(Entry entry, Timestamp now);
  Verdict CheckBudget(const GrantId& grant, const std::vector<MemberId>& shown,
                      Timestamp now) const;
  void Record(Entry entry);

  // When each member was last shown under a grant.
  std::map<GrantId, std::map<MemberId, Timestamp>> shown_;
};

}  // namespace sodality::model

#endif  // SODALITY_TESTS_MODEL_DIRECTORY_MODEL_H_
