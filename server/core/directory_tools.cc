#include "server/core/directory_tools.h"

#include <utility>

#include "server/core/error.h"
#include "server/core/waiter.h"

namespace sodality::core {

absl::StatusOr<DirectoryTools> DirectoryTools::Create(
    const DirectoryParts& parts) {
  auto members = Members::Create(parts);
  if (!members.ok()) return members.status();
  auto country = text::Country::Create(parts.info.country);
  if (!country.ok()) return country.status();
  return DirectoryTools{*std::move(members), *std::move(country)};
}

absl::StatusOr<Reach> ReachThrough(const DirectoryParts& parts,
                                   const Caller& caller,
                                   const std::optional<GrantId>& grant) {
  auto selected = parts.access.SelectGrant(caller, grant, parts.clock.Now());
  if (!selected.ok()) return selected.status();
  if (!MayRead(caller.role) || !MayRead((*selected)->role)) {
    return RoleNotAllowed();
  }
  FieldPolicy policy(parts.schema, **selected);
  return Reach{*std::move(selected), policy};
}

absl::Status RoleNotAllowed() {
  return MakeError(absl::StatusCode::kPermissionDenied,
                   "your role does not allow this",
                   {.reason = Reason::kRoleNotAllowed,
                    .hint = "`sodality status` says which role you have"});
}

EntryDraft DraftOf(Action action, const Caller& caller, const Grant* grant) {
  EntryDraft draft;
  draft.action = action;
  draft.actor = caller.principal;
  draft.device = caller.device;
  if (grant != nullptr) draft.grant = GrantUse{grant->id, grant->version};
  return draft;
}

absl::Status CheckStillAllowed(const DirectoryParts& parts,
                               const EntryDraft& draft) {
  return parts.access
      .CheckRelease(draft.actor, draft.device, draft.grant, parts.clock.Now())
      .status();
}

absl::Status ReleaseNow(Ledger& ledger, EntryDraft draft) {
  Waiter<uint64_t> waiter;
  ledger.Release(std::move(draft), [&](absl::StatusOr<uint64_t> number) {
    waiter.Set(std::move(number));
  });
  return FromStore(waiter.Wait().status());
}

}  // namespace sodality::core
