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

// A word of fewer than three letters is a whole name, a longer one begins one.
bool WordMatches(const std::string& word, const std::string& name) {
  return word.size() < 3 ? Lower(name) == word : Lower(name).starts_with(word);
}

uint32_t Rest(uint32_t limit, size_t used) {
  if (limit == 0) return std::numeric_limits<uint32_t>::max();
  return limit - static_cast<uint32_t>(std::min<size_t>(used, limit));
}

}  // namespace

std::string Value(const Fields& fields, const std::string& name) {
  const auto found = fields.find(name);
  return found == fields.end() ? std::string() : found->second;
}

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
