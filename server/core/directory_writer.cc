#include "server/core/directory_writer.h"

#include <utility>

#include "crypto/byte_codec.h"
#include "server/core/byte_builder.h"
#include "server/core/error.h"

namespace sodality::core {
namespace {

// The store's conflict, as opposed to a stale revision that the caller named.
bool IsConflict(const absl::Status& status) {
  return absl::IsAborted(status) &&
         GetErrorInfo(status).reason == Reason::kNone;
}

// Claims are held only while an act may give a member a unique value.
template <class F>
auto Claiming(SuppressionList& suppressions, bool unique, F act) {
  if (!unique) return act();
  platform::MutexLock lock(suppressions.claims());
  return act();
}

bool TouchesUnique(const Schema& schema, const Edits& edits) {
  const FieldSpec* unique = schema.unique_field();
  return unique != nullptr && Touches(edits, unique->id);
}

crypto::SecretBytes Encode(const MemberVersion& answer) {
  return ByteBuilder().Raw(answer.id.bytes).Put(answer.revision).TakeSecret();
}

absl::StatusOr<MemberVersion> Decode(const crypto::SecretBytes& answer) {
  crypto::ByteReader reader(answer.Expose(crypto::AllowSecretAccess()));
  MemberVersion version;
  version.id.bytes = reader.GetArray<16>();
  version.revision = reader.Get<uint64_t>();
  if (!reader.AtEnd()) {
    return absl::DataLossError("a remembered answer is damaged");
  }
  return version;
}

void AddGrant(const std::optional<GrantId>& grant, KeyedDigest& digest) {
  digest.Add(grant ? std::span<const uint8_t>(grant->bytes)
                   : std::span<const uint8_t>());
}

void AddFields(const std::vector<FieldInput>& fields, KeyedDigest& digest) {
  digest.AddNumber(fields.size());
  for (const FieldInput& field : fields) {
    digest.AddText(field.name).AddNumber(field.values.size());
    for (const crypto::SecretBytes& value : field.values) {
      digest.Add(value.Expose(crypto::AllowSecretAccess()));
    }
  }
}

void AddUpdate(const UpdateInput& input, KeyedDigest& digest) {
  digest.AddNumber(input.revision).AddNumber(input.mask.size());
  for (const std::string& name : input.mask) digest.AddText(name);
  AddFields(input.fields, digest);
}

}  // namespace

DirectoryWriter::DirectoryWriter(const DirectoryParts& parts,
                                 const DirectoryTools& tools,
                                 RequestLog requests, crypto::RowSealer rows)
    : parts_(parts),
      tools_(&tools),
      requests_(std::move(requests)),
      rows_(std::move(rows)) {}

absl::StatusOr<DirectoryWriter> DirectoryWriter::Create(
    const DirectoryParts& parts, const DirectoryTools& tools) {
  const auto keyring = parts.keys->Current();
  auto requests = RequestLog::Create(*keyring, parts.clock, parts.random);
  if (!requests.ok()) return requests.status();
  const auto state = keyring->Active<crypto::StateKey>();
  if (!state.ok()) return state.status();
  return DirectoryWriter(parts, tools, *std::move(requests),
                         crypto::RowSealer(parts.info.id.bytes, *state));
}

absl::Status DirectoryWriter::Stale() {
  return MakeError(absl::StatusCode::kAborted,
                   "the member has been changed in between",
                   {.reason = Reason::kStaleRevision,
                    .hint = "look at the member again, then repeat the edit"});
}

DirectoryWriter::Answer DirectoryWriter::Add(const Caller& caller,
                                             const CreateInput& input) const {
  auto reach = ReachThrough(parts_, caller, input.grant);
  if (!reach.ok()) return reach.status();
  KeyedDigest digest = requests_.Digest("create-member");
  AddGrant(input.grant, digest);
  AddFields(input.fields, digest);
  Member member = Member::New(parts_.random);
  const EntryDraft draft =
      DraftOf(Action::kCreateMember, caller, reach->grant.get());
  const Task task{*std::move(reach),
                  draft,
                  {caller.principal, input.request, digest.Finish()},
                  member.id};
  const auto before = Replay(task.act);
  if (!before.ok()) return before.status();
  if (*before) return **before;
  const auto edits =
      EditReader(task.reach.policy, tools_->country).Read(input.fields);
  if (!edits.ok()) return edits.status();
  Apply(*edits, member);
  const bool unique = TouchesUnique(parts_.schema, *edits);
  return Claiming(parts_.suppressions, unique, [&]() -> Answer {
    const absl::Status allowed = CheckResult(task, nullptr, member);
    if (!allowed.ok()) return allowed;
    Answer added = Put(task, *edits, member);
    // Sealed under a wrap key that was retired in between: sealed anew.
    return IsConflict(added.status()) ? Put(task, *edits, member) : added;
  });
}

DirectoryWriter::Answer DirectoryWriter::Update(
    const Caller& caller, const MemberId& member,
    const std::optional<GrantId>& grant, const UpdateInput& input) const {
  auto reach = ReachThrough(parts_, caller, grant);
  if (!reach.ok()) return reach.status();
  KeyedDigest digest = requests_.Digest("update-member");
  digest.Add(member.bytes);
  AddGrant(grant, digest);
  AddUpdate(input, digest);
  const EntryDraft draft =
      DraftOf(Action::kUpdateMember, caller, reach->grant.get());
  return Change({*std::move(reach),
                 draft,
                 {caller.principal, input.request, digest.Finish()},
                 member},
                input);
}

DirectoryWriter::Answer DirectoryWriter::UpdateSelf(
    const Caller& caller, const UpdateInput& input) const {
  if (!caller.member) return RoleNotAllowed();
  for (const std::string& name : input.mask) {
    const FieldSpec* spec = parts_.schema.Find(name);
    if (spec == nullptr || spec->self_edit) continue;
    return MakeError(absl::StatusCode::kPermissionDenied,
                     "the organisation keeps this field",
                     {.reason = Reason::kFieldNotYours,
                      .hint = "ask an organiser to change it",
                      .field = name});
  }
  KeyedDigest digest = requests_.Digest("update-self");
  AddUpdate(input, digest);
  return Change({{nullptr, FieldPolicy::OwnRecord(parts_.schema)},
                 DraftOf(Action::kUpdateSelf, caller, nullptr),
                 {caller.principal, input.request, digest.Finish()},
                 *caller.member},
                input);
}

DirectoryWriter::Answer DirectoryWriter::Change(
    const Task& task, const UpdateInput& input) const {
  const auto before = Replay(task.act);
  if (!before.ok()) return before.status();
  if (*before) return **before;
  const auto edits =
      EditReader(task.reach.policy, tools_->country).ReadMasked(input);
  if (!edits.ok()) return edits.status();
  const bool unique = TouchesUnique(parts_.schema, *edits);
  for (int i = 0; i < kTries; ++i) {
    Answer answer = Claiming(parts_.suppressions, unique, [&] {
      return TryChange(task, *edits, input.revision);
    });
    if (!IsConflict(answer.status())) return answer;
  }
  return Stale();
}

DirectoryWriter::Answer DirectoryWriter::TryChange(const Task& task,
                                                   const Edits& edits,
                                                   uint64_t revision) const {
  auto found = Find(task);
  if (!found.ok()) return found.status();
  const auto before = found->All();
  if (!before.ok()) return before.status();
  if (revision != 0 && revision != before->revision) return Stale();
  auto after = found->All();
  if (!after.ok()) return after.status();
  Apply(edits, *after);
  const absl::Status allowed = CheckResult(task, &*before, *after);
  if (!allowed.ok()) return allowed;
  return Put(task, edits, *after);
}

// Absent and out of reach cost the same: a durable entry without a member.
absl::StatusOr<OpenedMember> DirectoryWriter::Find(const Task& task) const {
  auto found = tools_->members.Find(task.member, task.reach.grant.get());
  if (!found.ok()) return found.status();
  if (*found) return **std::move(found);
  EntryDraft draft = task.draft;
  draft.outcome = Outcome::kRefused;
  const absl::Status recorded = ReleaseNow(parts_.ledger, std::move(draft));
  return recorded.ok() ? MemberNotFound() : recorded;
}

DirectoryWriter::Answer DirectoryWriter::Put(const Task& task,
                                             const Edits& edits,
                                             const Member& member) const {
  auto sealed = tools_->members.sealer().Seal(member);
  if (!sealed.ok()) return sealed.status();
  store::Write write;
  write.put_members.push_back(*std::move(sealed));
  return Commit(std::move(write), task,
                MakeMemberPart(member.id, member.ledger_key, FieldsOf(edits)),
                {member.id, member.revision + 1});
}

absl::StatusOr<std::optional<MemberVersion>> DirectoryWriter::Replay(
    const Act& act) const {
  const auto kept = requests_.Find(parts_.store, act);
  if (!kept.ok()) return kept.status();
  if (!*kept) return std::optional<MemberVersion>();
  auto answer = Decode(**kept);
  if (!answer.ok()) return answer.status();
  return std::optional<MemberVersion>(*answer);
}

DirectoryWriter::Answer DirectoryWriter::Commit(
    store::Write write, const Task& task, MemberPart part,
    const MemberVersion& answer) const {
  const absl::Status allowed =
      task.by_server ? absl::OkStatus() : CheckStillAllowed(parts_, task.draft);
  if (!allowed.ok()) return allowed;
  auto request = requests_.Make(task.act, Encode(answer));
  if (!request.ok()) return request.status();
  write.request = *std::move(request);
  EntryDraft draft = task.draft;
  draft.members = {std::move(part)};
  const auto committed =
      parts_.committer.Commit(std::move(write), std::move(draft));
  if (committed.ok()) return answer;
  if (!absl::IsAlreadyExists(committed.status())) {
    return FromStore(committed.status());
  }
  // The same request was faster on another connection.
  const auto first = Replay(task.act);
  if (!first.ok()) return first.status();
  if (!*first) return FromStore(absl::UnavailableError("a request vanished"));
  return **first;
}

}  // namespace sodality::core
