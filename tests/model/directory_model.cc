#include "tests/model/directory_model.h"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <limits>
#include <utility>

namespace sodality::model {
namespace {

using absl::StatusCode;

constexpr std::chrono::hours kHour{1};
constexpr std::chrono::hours kDay{24};

const std::map<std::string, FieldClass>& Classes() {
  static const std::map<std::string, FieldClass> classes = {
      {"given_name", FieldClass::kBasic},
      {"middle_name", FieldClass::kBasic},
      {"family_name", FieldClass::kBasic},
      {"preferred_name", FieldClass::kBasic},
      {"pronouns", FieldClass::kBasic},
      {"birthday", FieldClass::kSensitive},
      {"email", FieldClass::kContact},
      {"phone", FieldClass::kContact},
      {"street", FieldClass::kContact},
      {"city", FieldClass::kContact},
      {"state", FieldClass::kContact},
      {"postal_code", FieldClass::kContact},
      {"country", FieldClass::kContact},
      {"region", FieldClass::kBasic},
      {"committees", FieldClass::kBasic},
      {"languages", FieldClass::kSensitive},
      {"skills", FieldClass::kSensitive},
      {"needs", FieldClass::kSensitive},
      {"resources", FieldClass::kSensitive},
      {"stage", FieldClass::kSensitive},
      {"joined", FieldClass::kSensitive},
      {"dues", FieldClass::kSensitive},
      {"consent_call", FieldClass::kContact},
      {"consent_text", FieldClass::kContact},
      {"consent_email", FieldClass::kContact},
      {"accessibility", FieldClass::kSensitive},
      {"notes", FieldClass::kSensitive},
      {"external_id", FieldClass::kSensitive}};
  return classes;
}

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return text;
}

std::string Value(const Fields& fields, const std::string& name) {
  const auto found = fields.find(name);
  return found == fields.end() ? std::string() : found->second;
}

Fields Changed(Fields fields, const Fields& edits) {
  for (const auto& [name, value] : edits) {
    if (value.empty()) {
      fields.erase(name);
    } else {
      fields[name] = value;
    }
  }
  return fields;
}

bool HasName(const Member& member) {
  return member.fields.contains("given_name") ||
         member.fields.contains("family_name");
}

// A word of fewer than three letters is a whole name, a longer one begins one.
bool WordMatches(const std::string& word, const std::string& name) {
  return word.size() < 3 ? Lower(name) == word : Lower(name).starts_with(word);
}

uint32_t Rest(uint32_t limit, size_t used) {
  if (limit == 0) return std::numeric_limits<uint32_t>::max();
  return limit - static_cast<uint32_t>(std::min<size_t>(used, limit));
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Verdict& verdict) {
  out << absl::StatusCodeToString(verdict.code) << " "
      << core::ReasonName(verdict.reason);
  if (verdict.retry_at) out << " until " << verdict.retry_at->millis;
  return out;
}

std::ostream& operator<<(std::ostream& out, const Seen& seen) {
  out << "revision " << seen.revision << ":";
  for (const auto& [name, value] : seen.fields) {
    out << " " << name << "=" << value;
  }
  for (const std::string& name : seen.hidden) out << " -" << name;
  return out;
}

Verdict VerdictOf(const absl::Status& status) {
  const core::ErrorInfo info = core::GetErrorInfo(status);
  return {status.code(), info.reason, info.retry_at};
}

Verdict DirectoryModel::Identify(const PrincipalId& who) const {
  const Person& person = people.at(who);
  if (person.revoked) {
    return {StatusCode::kUnauthenticated, Reason::kDeviceRevoked, {}};
  }
  if (person.suspended) {
    return {StatusCode::kUnauthenticated, Reason::kPrincipalSuspended, {}};
  }
  return {};
}

Verdict DirectoryModel::Reach(const As& as, GrantId& grant) const {
  const auto in_force = [&](const Grant& one) {
    return !one.revoked && as.now < one.not_after;
  };
  const Verdict ended{StatusCode::kPermissionDenied, Reason::kGrantEnded, {}};
  const Verdict none{StatusCode::kPermissionDenied, Reason::kNoGrant, {}};
  if (as.grant) {
    const auto known = grants.find(*as.grant);
    if (known == grants.end() || known->second.principal != as.who) return none;
    grant = known->first;
    return in_force(known->second) ? Verdict{} : ended;
  }
  size_t live = 0;
  bool any = false;
  for (const auto& [id, one] : grants) {
    if (one.principal != as.who) continue;
    any = true;
    if (!in_force(one)) continue;
    grant = id;
    ++live;
  }
  if (live == 1) return {};
  if (live == 0) return any ? ended : none;
  return {StatusCode::kFailedPrecondition, Reason::kSeveralGrants, {}};
}

bool DirectoryModel::IsVisible(const Grant& grant,
                               const std::string& field) const {
  return std::count(grant.classes.begin(), grant.classes.end(),
                    Classes().at(field)) != 0;
}

bool DirectoryModel::Covers(const Grant& grant, const Member& member) const {
  return grant.regions.empty() ||
         grant.regions.contains(Value(member.fields, "region"));
}

const Member* DirectoryModel::Find(const Grant& grant,
                                   const MemberId& id) const {
  const auto found = members.find(id);
  if (found == members.end() || !Covers(grant, found->second)) return nullptr;
  return &found->second;
}

Verdict DirectoryModel::Plan(const Grant& grant, Showing showing) const {
  if (showing != Showing::kNotes || IsVisible(grant, "notes")) return {};
  return {StatusCode::kInvalidArgument, Reason::kUnknownField, {}};
}

Seen DirectoryModel::Show(const Grant& grant, const MemberId& id,
                          Showing showing) const {
  const Member& member = members.at(id);
  Seen seen{id, member.revision, {}, {}};
  for (const auto& [name, its_class] : Classes()) {
    if (!IsVisible(grant, name)) continue;
    const bool basic = its_class == FieldClass::kBasic;
    const bool shown = showing == Showing::kNotes
                           ? name == "notes"
                           : showing == Showing::kAll || basic;
    if (!shown && !basic) seen.hidden.insert(name);
    if (shown && member.fields.contains(name)) {
      seen.fields[name] = member.fields.at(name);
    }
  }
  return seen;
}

Verdict DirectoryModel::Get(const As& as, const MemberId& member,
                            Showing showing, Seen& seen) {
  GrantId through;
  if (const auto v = Reach(as, through); !v.ok()) return v;
  const Grant& grant = grants.at(through);
  if (const auto v = Plan(grant, showing); !v.ok()) return v;
  Entry entry{Action::kGet, Outcome::kDone, as.who, through, {}};
  const bool found = Find(grant, member) != nullptr;
  if (found) {
    entry.members = {member};
    seen = Show(grant, member, showing);
  }
  if (const auto v = Release(std::move(entry), as.now); !v.ok()) return v;
  if (found) return {};
  return {StatusCode::kNotFound, Reason::kMemberNotFound, {}};
}

Verdict DirectoryModel::Compile(const Grant& grant,
                                const Question& question) const {
  const Verdict unknown{
      StatusCode::kInvalidArgument, Reason::kUnknownField, {}};
  if (question.filter && !IsVisible(grant, question.filter->first)) {
    return unknown;
  }
  if (!question.words.empty() && !IsVisible(grant, "given_name")) {
    return unknown;
  }
  return {};
}

bool DirectoryModel::Matches(const Member& member, const Question& question) {
  if (question.filter) {
    const auto& [field, value] = *question.filter;
    if (Lower(Value(member.fields, field)) != Lower(value)) return false;
  }
  return std::all_of(
      question.words.begin(), question.words.end(), [&](const auto& word) {
        return WordMatches(word, Value(member.fields, "given_name")) ||
               WordMatches(word, Value(member.fields, "family_name"));
      });
}

Verdict DirectoryModel::Search(const As& as, const Question& question,
                               Page& page) {
  GrantId through;
  if (const auto v = Reach(as, through); !v.ok()) return v;
  const Grant& grant = grants.at(through);
  if (const auto v = Plan(grant, question.showing); !v.ok()) return v;
  if (const auto v = Compile(grant, question); !v.ok()) return v;
  if (question.bad_token) {
    return {StatusCode::kInvalidArgument, Reason::kBadPageToken, {}};
  }
  Entry entry{Action::kSearch, Outcome::kDone, as.who, through, {}};
  for (const auto& [id, member] : members) {
    if (question.after && id <= *question.after) continue;
    if (!Covers(grant, member) || !Matches(member, question)) continue;
    page.more = page.members.size() == question.page_size;
    if (page.more) break;
    page.members.push_back(Show(grant, id, question.showing));
    entry.members.push_back(id);
  }
  return Release(std::move(entry), as.now);
}

// What a grant admits in the place of `before`.
Verdict DirectoryModel::CheckResult(const GrantId& through,
                                    const Member* before, const MemberId& id,
                                    const Member& after, Entry entry,
                                    Timestamp now) {
  const Grant& grant = grants.at(through);
  const Verdict outside{StatusCode::kPermissionDenied, Reason::kOutOfScope, {}};
  if ((before == nullptr || HasName(*before)) && !HasName(after)) {
    return {StatusCode::kInvalidArgument, Reason::kInvalidValue, {}};
  }
  if (!Covers(grant, after)) return outside;
  const std::string old =
      before == nullptr ? "" : Value(before->fields, "external_id");
  const std::string now_is = Value(after.fields, "external_id");
  if (old == now_is) return {};
  if (!grant.regions.empty()) return outside;
  if (now_is.empty()) return {};
  for (const auto& [holder, member] : members) {
    if (holder == id || Value(member.fields, "external_id") != now_is) continue;
    entry.outcome = Outcome::kRefused;
    entry.members = {holder};
    if (const auto v = Release(std::move(entry), now); !v.ok()) return v;
    return {StatusCode::kAlreadyExists, Reason::kExternalIdTaken, {}};
  }
  return {};
}

Verdict DirectoryModel::Create(const As& as, const Fields& fields,
                               const MemberId& id) {
  GrantId through;
  if (const auto v = Reach(as, through); !v.ok()) return v;
  for (const auto& [name, value] : fields) {
    if (IsVisible(grants.at(through), name)) continue;
    return {StatusCode::kInvalidArgument, Reason::kUnknownField, {}};
  }
  Entry entry{Action::kCreateMember, Outcome::kDone, as.who, through, {}};
  const Member after{1, Changed({}, fields)};
  const Verdict allowed =
      CheckResult(through, nullptr, id, after, entry, as.now);
  if (!allowed.ok()) return allowed;
  members[id] = after;
  entry.members = {id};
  Record(std::move(entry));
  return {};
}

Verdict DirectoryModel::Update(const As& as, const MemberId& member,
                               uint64_t revision, const Fields& fields) {
  GrantId through;
  if (const auto v = Reach(as, through); !v.ok()) return v;
  for (const auto& [name, value] : fields) {
    if (IsVisible(grants.at(through), name)) continue;
    return {StatusCode::kInvalidArgument, Reason::kUnknownField, {}};
  }
  Entry entry{Action::kUpdateMember, Outcome::kDone, as.who, through, {}};
  const Member* const before = Find(grants.at(through), member);
  if (before == nullptr) {
    entry.outcome = Outcome::kRefused;
    if (const auto v = Release(std::move(entry), as.now); !v.ok()) return v;
    return {StatusCode::kNotFound, Reason::kMemberNotFound, {}};
  }
  if (revision != 0 && revision != before->revision) {
    return {StatusCode::kAborted, Reason::kStaleRevision, {}};
  }
  const Member after{before->revision + 1, Changed(before->fields, fields)};
  const Verdict allowed =
      CheckResult(through, before, member, after, entry, as.now);
  if (!allowed.ok()) return allowed;
  members[member] = after;
  entry.members = {member};
  Record(std::move(entry));
  return {};
}

Verdict DirectoryModel::Erase(const As& as, const MemberId& member) {
  if (people.at(as.who).role != Role::kAdmin) {
    return {StatusCode::kPermissionDenied, Reason::kRoleNotAllowed, {}};
  }
  GrantId through;
  if (const auto v = Reach(as, through); !v.ok()) return v;
  Entry entry{Action::kEraseMember, Outcome::kDone, as.who, through, {}};
  const Member* const found = Find(grants.at(through), member);
  if (found == nullptr) {
    entry.outcome = Outcome::kRefused;
    if (const auto v = Release(std::move(entry), as.now); !v.ok()) return v;
    return {StatusCode::kNotFound, Reason::kMemberNotFound, {}};
  }
  const std::string external = Value(found->fields, "external_id");
  if (!external.empty()) suppressed.insert(external);
  members.erase(member);
  entry.members = {member};
  Record(std::move(entry));
  return {};
}

Verdict DirectoryModel::Push(const As& as, const std::vector<Fields>& rows,
                             RosterSums& sums) {
  const Role role = people.at(as.who).role;
  if (role != Role::kAdmin && role != Role::kSource) {
    return {StatusCode::kPermissionDenied, Reason::kRoleNotAllowed, {}};
  }
  Entry entry{Action::kPushRoster, Outcome::kDone, as.who, {}, {}};
  for (const Fields& row : rows) {
    const std::string& external = row.at("external_id");
    const auto holder =
        std::find_if(members.begin(), members.end(), [&](const auto& one) {
          return Value(one.second.fields, "external_id") == external;
        });
    if (holder == members.end()) {
      ++(suppressed.contains(external) ? sums.suppressed : sums.added);
      continue;
    }
    const Fields after = Changed(holder->second.fields, row);
    if (after == holder->second.fields) {
      ++sums.unchanged;
      continue;
    }
    ++sums.changed;
    holder->second = {holder->second.revision + 1, after};
    entry.members.push_back(holder->first);
  }
  std::sort(entry.members.begin(), entry.members.end());
  Record(std::move(entry));
  return {};
}

void DirectoryModel::Adopt(const MemberId& id, const Fields& row) {
  members[id] = {1, row};
  auto push = std::find_if(
      entries.rbegin(), entries.rend(),
      [](const Entry& one) { return one.action == Action::kPushRoster; });
  push->members.push_back(id);
  std::sort(push->members.begin(), push->members.end());
}

Verdict DirectoryModel::GiveGrant(const As& as, const Grant& grant,
                                  const GrantId& id) {
  if (people.at(as.who).role != Role::kAdmin) {
    return {StatusCode::kPermissionDenied, Reason::kRoleNotAllowed, {}};
  }
  if (grant.principal == as.who) {
    return {StatusCode::kPermissionDenied, Reason::kOwnGrant, {}};
  }
  const Role role = people.at(grant.principal).role;
  if (role != Role::kAdmin && role != Role::kCoordinator) {
    return {StatusCode::kInvalidArgument, Reason::kInvalidValue, {}};
  }
  if (grant.not_after <= as.now) {
    return {StatusCode::kInvalidArgument, Reason::kInvalidValue, {}};
  }
  grants[id] = grant;
  Record({Action::kCreateGrant, Outcome::kDone, as.who, {}, {}});
  return {};
}

Verdict DirectoryModel::RevokeGrant(const As& as, const GrantId& id) {
  const auto grant = grants.find(id);
  const bool own = grant != grants.end() && grant->second.principal == as.who;
  if (!own && people.at(as.who).role != Role::kAdmin) {
    return {StatusCode::kPermissionDenied, Reason::kRoleNotAllowed, {}};
  }
  if (grant == grants.end()) {
    return {StatusCode::kNotFound, Reason::kNotFound, {}};
  }
  grant->second.revoked = true;
  ++grant->second.version;
  Record({Action::kRevokeGrant, Outcome::kDone, as.who, {}, {}});
  return {};
}

bool DirectoryModel::LeavesAnAdmin(const PrincipalId& without) const {
  return std::any_of(people.begin(), people.end(), [&](const auto& one) {
    return one.first != without && one.second.role == Role::kAdmin &&
           Identify(one.first).ok();
  });
}

Verdict DirectoryModel::RevokeDevice(const As& as, const PrincipalId& of) {
  if (of != as.who && people.at(as.who).role != Role::kAdmin) {
    return {StatusCode::kPermissionDenied, Reason::kRoleNotAllowed, {}};
  }
  if (!LeavesAnAdmin(of)) {
    return {StatusCode::kFailedPrecondition, Reason::kLastAdmin, {}};
  }
  people.at(of).revoked = true;
  Record({Action::kRevokeDevice, Outcome::kDone, as.who, {}, {}});
  return {};
}

Verdict DirectoryModel::Suspend(const As& as, const PrincipalId& of,
                                bool lift) {
  if (people.at(as.who).role != Role::kAdmin) {
    return {StatusCode::kPermissionDenied, Reason::kRoleNotAllowed, {}};
  }
  if (!lift && !LeavesAnAdmin(of)) {
    return {StatusCode::kFailedPrecondition, Reason::kLastAdmin, {}};
  }
  people.at(of).suspended = !lift;
  Record({lift ? Action::kLiftSuspension : Action::kSuspendPrincipal,
          Outcome::kDone,
          as.who,
          {},
          {}});
  return {};
}

Verdict DirectoryModel::Release(Entry entry, Timestamp now) {
  const Verdict allowed = CheckBudget(entry.grant, entry.members, now);
  if (!allowed.ok()) {
    entry.outcome = Outcome::kRefused;
    entry.members.clear();
  }
  for (const MemberId& id : entry.members) shown_[entry.grant][id] = now;
  Record(std::move(entry));
  return allowed;
}

Verdict DirectoryModel::CheckBudget(const GrantId& grant,
                                    const std::vector<MemberId>& shown,
                                    Timestamp now) const {
  const core::Budget& budget = grants.at(grant).budget;
  const auto used = shown_.find(grant);
  const std::map<MemberId, Timestamp> before =
      used == shown_.end() ? std::map<MemberId, Timestamp>() : used->second;
  const auto check = [&](uint32_t limit,
                         std::optional<std::chrono::hours> window) -> Verdict {
    std::vector<Timestamp> times;
    size_t known = 0;
    for (const auto& [id, last] : before) {
      if (window && last + *window <= now) continue;
      times.push_back(last);
      known += static_cast<size_t>(std::count(shown.begin(), shown.end(), id));
    }
    const size_t needed = shown.empty() ? 1 : shown.size() - known;
    if (limit == 0 || needed == 0 || times.size() + needed <= limit) return {};
    Verdict refused{
        StatusCode::kResourceExhausted, Reason::kBudgetExhausted, {}};
    if (!window || needed > limit) return refused;
    std::sort(times.begin(), times.end());
    refused.retry_at = times.at(times.size() + needed - limit - 1) + *window;
    return refused;
  };
  if (const auto v = check(budget.in_all, std::nullopt); !v.ok()) return v;
  if (const auto v = check(budget.per_hour, kHour); !v.ok()) return v;
  return check(budget.per_day, kDay);
}

core::Budget DirectoryModel::Left(const GrantId& grant, Timestamp now) const {
  size_t hour = 0;
  size_t day = 0;
  size_t all = 0;
  if (const auto used = shown_.find(grant); used != shown_.end()) {
    for (const auto& [id, last] : used->second) {
      hour += now < last + kHour ? 1 : 0;
      day += now < last + kDay ? 1 : 0;
      ++all;
    }
  }
  const core::Budget& budget = grants.at(grant).budget;
  return {Rest(budget.per_hour, hour), Rest(budget.per_day, day),
          Rest(budget.in_all, all)};
}

void DirectoryModel::Record(Entry entry) {
  entries.push_back(std::move(entry));
}

}  // namespace sodality::model
