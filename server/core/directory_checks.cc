// What a member must fulfil after a change by hand.
#include <algorithm>
#include <string_view>

#include "server/core/directory_writer.h"
#include "server/core/error.h"
#include "server/core/scope.h"

namespace sodality::core {
namespace {

absl::Status OutOfScope(std::string_view what) {
  return MakeError(absl::StatusCode::kPermissionDenied, what,
                   {.reason = Reason::kOutOfScope,
                    .hint = "somebody whose grant covers both can do it"});
}

bool SameValues(const ValueList* a, const ValueList* b) {
  if (a == nullptr || b == nullptr) return a == b;
  return *a == *b;
}

bool HasName(const Schema& schema, const Member& member) {
  return std::any_of(member.fields.begin(), member.fields.end(),
                     [&](const FieldValue& value) {
                       const FieldSpec* spec = schema.Find(value.field);
                       return spec != nullptr && spec->type == FieldType::kName;
                     });
}

}  // namespace

absl::Status DirectoryWriter::CheckResult(const Task& task,
                                          const Member* before,
                                          const Member& after) const {
  // A roster may have added somebody without one.
  const bool needs_name = before == nullptr || HasName(parts_.schema, *before);
  if (needs_name && !HasName(parts_.schema, after)) {
    return InvalidValue("given_name", "a member needs at least one name");
  }
  const Grant* grant = task.reach.grant.get();
  if (grant != nullptr && !InScope(*grant, after)) {
    return OutOfScope("the member would be outside your grant's scope");
  }
  const FieldSpec* unique = parts_.schema.unique_field();
  if (unique == nullptr) return absl::OkStatus();
  const ValueList* old = before == nullptr ? nullptr : before->Find(unique->id);
  if (SameValues(old, after.Find(unique->id))) return absl::OkStatus();
  return CheckUnique(task, *unique, after);
}

// Whether a value is free cannot be told without telling about members outside
// a scope, so that takes a grant over all of them.
absl::Status DirectoryWriter::CheckUnique(const Task& task,
                                          const FieldSpec& unique,
                                          const Member& after) const {
  if (task.reach.grant == nullptr || !task.reach.grant->scopes.empty()) {
    return OutOfScope("only a grant over all members may change this field");
  }
  const ValueList* values = after.Find(unique.id);
  if (values == nullptr) return absl::OkStatus();
  const auto holder = tools_->members.FindByValue(
      unique, ComparedForm(unique, values->views().front()));
  if (!holder.ok()) return holder.status();
  if (!*holder || (*holder)->id() == after.id) return absl::OkStatus();
  return RecordTaken(task, unique, **holder);
}

absl::Status DirectoryWriter::RecordTaken(const Task& task,
                                          const FieldSpec& unique,
                                          const OpenedMember& holder) const {
  const auto key = holder.LedgerKey();
  if (!key.ok()) return key.status();
  EntryDraft draft = task.draft;
  draft.outcome = Outcome::kRefused;
  draft.members = {MakeMemberPart(holder.id(), *key, {unique.id})};
  const absl::Status recorded = ReleaseNow(parts_.ledger, std::move(draft));
  if (!recorded.ok()) return recorded;
  return MakeError(absl::StatusCode::kAlreadyExists,
                   "another member has this " + unique.name,
                   {.reason = Reason::kExternalIdTaken,
                    .hint = "find that member and edit them, or erase one",
                    .field = unique.name});
}

}  // namespace sodality::core
