#include "server/core/directory_reader.h"

#include <memory>
#include <utility>

#include "server/core/error.h"

namespace sodality::core {

DirectoryReader::DirectoryReader(const DirectoryParts& parts,
                                 const DirectoryTools& tools)
    : parts_(parts), tools_(tools), page_tokens_(parts.clock, parts.random) {}

absl::StatusOr<DirectoryReader::Look> DirectoryReader::Begin(
    EntryDraft draft, Reach reach, const View& view) const {
  auto projection = reach.policy.Plan(view);
  if (!projection.ok()) return projection.status();
  return Look{std::move(reach), *std::move(projection), std::move(draft)};
}

void DirectoryReader::Get(const Caller& caller, const GetQuery& query,
                          Done<ProjectedMember> done) const {
  auto reach = ReachThrough(parts_, caller, query.grant);
  if (!reach.ok()) return done(reach.status());
  EntryDraft draft = DraftOf(Action::kGet, caller, reach->grant.get());
  auto look = Begin(std::move(draft), *std::move(reach), query.view);
  if (!look.ok()) return done(look.status());
  Show(*std::move(look), query.member, std::move(done));
}

void DirectoryReader::GetSelf(const Caller& caller,
                              Done<ProjectedMember> done) const {
  if (!caller.member) return done(RoleNotAllowed());
  auto look = Begin(DraftOf(Action::kGetSelf, caller, nullptr),
                    {nullptr, FieldPolicy::OwnRecord(parts_.schema)},
                    {.reveal = true, .fields = {}});
  if (!look.ok()) return done(look.status());
  Show(*std::move(look), *caller.member, std::move(done));
}

// A member who is not there costs a durable entry too, as one who is.
void DirectoryReader::Show(Look look, const MemberId& id,
                           Done<ProjectedMember> done) const {
  auto found = tools_.members.Find(id, look.reach.grant.get());
  if (!found.ok()) return done(found.status());
  std::shared_ptr<ProjectedMember> shown;
  if (*found) {
    auto reveal = look.reach.policy.Project(look.projection, **found);
    if (!reveal.ok()) return done(reveal.status());
    look.draft.members.push_back(std::move(reveal->part));
    shown = std::make_shared<ProjectedMember>(std::move(reveal->member));
  }
  parts_.ledger.Release(
      std::move(look.draft),
      [shown, done = std::move(done)](const absl::StatusOr<uint64_t>& number) {
        if (!number.ok()) return done(FromStore(number.status()));
        if (shown == nullptr) return done(MemberNotFound());
        done(std::move(*shown));
      });
}

absl::StatusOr<crypto::MemberLedgerKey> DirectoryReader::LedgerKeyOf(
    const Caller& caller, const MemberId& member,
    const std::optional<GrantId>& grant) const {
  const auto reach = ReachThrough(parts_, caller, grant);
  if (!reach.ok()) return reach.status();
  return KeyOrRecord(DraftOf(Action::kReadLedger, caller, reach->grant.get()),
                     member, reach->grant.get());
}

absl::StatusOr<crypto::MemberLedgerKey> DirectoryReader::OwnLedgerKey(
    const Caller& caller) const {
  if (!caller.member) return RoleNotAllowed();
  return KeyOrRecord(DraftOf(Action::kReadLedger, caller, nullptr),
                     *caller.member, nullptr);
}

absl::StatusOr<crypto::MemberLedgerKey> DirectoryReader::KeyOrRecord(
    EntryDraft draft, const MemberId& member, const Grant* grant) const {
  const auto found = tools_.members.Find(member, grant);
  if (!found.ok()) return found.status();
  if (*found) return (*found)->LedgerKey();
  draft.outcome = Outcome::kRefused;
  const absl::Status recorded = ReleaseNow(parts_.ledger, std::move(draft));
  return recorded.ok() ? MemberNotFound() : recorded;
}

}  // namespace sodality::core
