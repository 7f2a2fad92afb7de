#include <utility>

#include "server/core/access/access_writer.h"
#include "server/core/access/codec.h"
#include "server/core/directory_writer.h"
#include "server/core/erased.h"
#include "server/core/error.h"

namespace sodality::core {
namespace {

constexpr char kErasedName[] = "erased member";

}  // namespace

absl::Status DirectoryWriter::Erase(const Caller& caller,
                                    const MemberId& member,
                                    const std::optional<GrantId>& grant,
                                    const RequestId& request) const {
  if (caller.role != Role::kAdmin) return RoleNotAllowed();
  auto reach = ReachThrough(parts_, caller, grant);
  if (!reach.ok()) return reach.status();
  KeyedDigest digest = requests_.Digest("erase-member");
  digest.Add(member.bytes);
  const EntryDraft draft =
      DraftOf(Action::kEraseMember, caller, reach->grant.get());
  return Remove({*std::move(reach),
                 draft,
                 {caller.principal, request, digest.Finish()},
                 member});
}

absl::Status DirectoryWriter::EraseSelf(const Caller& caller,
                                        const RequestId& request) const {
  if (!caller.member) return RoleNotAllowed();
  return Remove(
      {{nullptr, FieldPolicy::OwnRecord(parts_.schema)},
       DraftOf(Action::kEraseSelf, caller, nullptr),
       {caller.principal, request, requests_.Digest("erase-self").Finish()},
       *caller.member});
}

absl::Status DirectoryWriter::EraseAgain(const MemberId& member,
                                         const store::IdBytes& backup) const {
  const RequestId request{crypto::RandomId(parts_.random)};
  EntryDraft draft{.action = Action::kEraseMember};
  draft.subject = backup;
  return Remove({{nullptr, FieldPolicy::OwnRecord(parts_.schema)},
                 std::move(draft),
                 {{}, request, requests_.Digest("erase-again").Finish()},
                 member,
                 /*by_server=*/true});
}

absl::Status DirectoryWriter::Remove(const Task& task) const {
  const auto before = Replay(task.act);
  if (!before.ok()) return before.status();
  if (*before) return absl::OkStatus();
  const platform::MutexLock changes(parts_.access.changes());
  // Else a roster could add the member anew before the suppression stands.
  const platform::MutexLock claims(parts_.suppressions.claims());
  for (int i = 0; i < kTries; ++i) {
    const absl::Status removed = TryRemove(task);
    if (!absl::IsAborted(removed)) return removed;
  }
  return Stale();
}

absl::Status DirectoryWriter::TryRemove(const Task& task) const {
  auto found = Find(task);
  if (!found.ok()) return found.status();
  const auto member = found->All();
  if (!member.ok()) return member.status();
  std::vector<AccessFact> facts = Suppressions(*member);
  EndAccess(member->id, facts);
  store::Write write;
  write.erase_members.push_back({member->id, member->revision});
  for (const AccessFact& fact : facts) {
    auto row = SealFact(fact, rows_, parts_.random);
    if (!row.ok()) return row.status();
    write.put_rows.push_back(*std::move(row));
  }
  std::vector<uint16_t> fields;
  for (const FieldValue& value : member->fields) fields.push_back(value.field);
  const Answer answer =
      Commit(std::move(write), task,
             MakeMemberPart(member->id, member->ledger_key, fields),
             {member->id, member->revision});
  if (!answer.ok()) return answer.status();
  Settle(std::move(facts), parts_);
  return absl::OkStatus();
}

// Whoever had an account for the record loses it, and their name is forgotten.
void DirectoryWriter::EndAccess(const MemberId& member,
                                std::vector<AccessFact>& facts) const {
  for (const auto& principal : parts_.access.principals()) {
    if (principal->member != member) continue;
    Principal ended = *principal;
    ended.name = kErasedName;
    ended.suspended = true;
    facts.emplace_back(std::move(ended));
    for (const auto& device : parts_.access.devices()) {
      if (device->principal != principal->id || device->revoked) continue;
      Device revoked = *device;
      revoked.revoked = true;
      facts.emplace_back(std::move(revoked));
    }
  }
}

std::vector<AccessFact> DirectoryWriter::Suppressions(
    const Member& member) const {
  const ErasedMembers erased(parts_.schema, parts_.suppressions);
  std::vector<AccessFact> facts;
  for (const store::IdBytes& id : erased.RowsOf(member)) {
    facts.emplace_back(Suppression{id});
  }
  return facts;
}

}  // namespace sodality::core
