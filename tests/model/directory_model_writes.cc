// Members added, edited, erased and pushed.
#include <algorithm>
#include <utility>

#include "tests/model/directory_model.h"

namespace sodality::model {
namespace {

using absl::StatusCode;

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

}  // namespace

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

}  // namespace sodality::model
