#include "server/core/access/access_control.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "crypto/pki/invite_file.h"
#include "platform/mutex.h"
#include "server/core/access/access_writer.h"
#include "server/core/access/grant_rules.h"
#include "server/core/access/invite_maker.h"
#include "server/core/byte_builder.h"
#include "server/core/error.h"
#include "server/core/request_log.h"
#include "text/base32.h"

namespace sodality::core {
namespace {

using platform::MutexLock;

constexpr std::chrono::hours kFirstGrantLife{24 * 30};

absl::Status LastAdmin() {
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   "this would leave no admin who can connect",
                   {.reason = Reason::kLastAdmin,
                    .hint = "enrol another admin first: sodality invite NAME "
                            "--role admin --out FILE"});
}

absl::Status RequireAdmin(const Caller& caller) {
  if (caller.role == Role::kAdmin) return absl::OkStatus();
  return MakeError(absl::StatusCode::kPermissionDenied,
                   "only an admin may do this",
                   {.reason = Reason::kRoleNotAllowed});
}

absl::Status NoSuch(std::string_view what) {
  return MakeError(absl::StatusCode::kNotFound,
                   absl::StrCat("there is no such ", std::string(what)),
                   {.reason = Reason::kNotFound, .field = std::string(what)});
}

EntryDraft EntryFor(const Caller& caller, Action action,
                    const store::IdBytes& subject) {
  EntryDraft entry;
  entry.action = action;
  entry.actor = caller.principal;
  entry.device = caller.device;
  entry.subject = subject;
  return entry;
}

}  // namespace

class AccessControl::Impl {
 public:
  explicit Impl(const AccessParts& parts)
      : parts_(parts), writer_(parts.base), requests_(parts.requests) {}

  absl::StatusOr<InviteOutput> CreateInvite(const Caller& caller,
                                            const InviteInput& input);
  absl::StatusOr<GrantId> CreateGrant(const Caller& caller,
                                      const GrantInput& input);
  absl::Status RevokeGrant(const Caller& caller, const GrantId& id,
                           const RequestId& request);
  absl::Status RevokeDevice(const Caller& caller, const DeviceId& id,
                            const RequestId& request);
  absl::Status SuspendPrincipal(const Caller& caller, std::string_view who,
                                bool lift, const RequestId& request);
  absl::StatusOr<InviteOutput> CreateFirstAdmin(std::string_view name);

 private:
  absl::StatusOr<Principal> InvitedPrincipal(const Caller& caller,
                                             const InviteInput& input) const;
  // Applies a change of one row under a request id; nothing when it was
  // applied already.
  absl::Status ApplyOnce(const Caller& caller, const RequestId& request,
                         AccessChange change);
  // A revocation may have been carried out while the call waited for its turn.
  absl::Status CheckStillLive(const Caller& caller) const {
    return parts_.base.access.CheckLive(caller.principal, caller.device, Now());
  }
  Timestamp Now() const { return parts_.base.clock.Now(); }

  const AccessParts parts_;
  const AccessWriter writer_;
  const RequestLog& requests_;
};

absl::StatusOr<Principal> AccessControl::Impl::InvitedPrincipal(
    const Caller& caller, const InviteInput& input) const {
  auto known = parts_.base.access.ResolvePrincipal(input.name);
  if (known.ok()) {
    if ((*known)->role == input.role && (*known)->member == input.member) {
      return **known;
    }
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "this principal exists with another role or record",
                     {.reason = Reason::kInvalidValue,
                      .hint = "choose another name, or the role they have",
                      .field = "role"});
  }
  if (auto s = CheckPrincipalName(input.name); !s.ok()) return s;
  if ((input.role == Role::kMember) != input.member.has_value()) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "a member's invite, and no other, names their record",
                     {.reason = Reason::kInvalidValue, .field = "member_id"});
  }
  if (input.member) {
    auto covered =
        parts_.directory.LedgerKeyOf(caller, *input.member, std::nullopt);
    if (!covered.ok()) return covered.status();
  }
  Principal principal;
  principal.id.bytes = crypto::RandomId(parts_.base.random);
  principal.name = input.name;
  principal.role = input.role;
  principal.member = input.member;
  principal.created = Now();
  return principal;
}

absl::StatusOr<InviteOutput> AccessControl::Impl::CreateInvite(
    const Caller& caller, const InviteInput& input) {
  if (auto s = RequireAdmin(caller); !s.ok()) return s;
  MutexLock lock(parts_.base.access.changes());
  if (auto s = CheckStillLive(caller); !s.ok()) return s;
  KeyedDigest content = requests_.Digest("create-invite");
  content.AddText(input.name).AddNumber(static_cast<uint8_t>(input.role));
  content.AddNumber(static_cast<uint64_t>(input.ttl.count()));
  content.Add(input.member.value_or(MemberId{}).bytes);
  const Act act{caller.principal, input.request, content.Finish()};
  auto before = requests_.Find(parts_.base.store, act);
  if (!before.ok()) return before.status();
  if (before->has_value()) return DecodeInviteOutput(**before);

  auto principal = InvitedPrincipal(caller, input);
  if (!principal.ok()) return principal.status();
  auto made = MakeInvite(parts_, *principal, input.ttl);
  if (!made.ok()) return made.status();
  auto request = requests_.Make(act, EncodeInviteOutput(made->output));
  if (!request.ok()) return request.status();
  AccessChange change;
  if (principal->version == 0) change.facts.emplace_back(*principal);
  change.facts.emplace_back(made->row);
  change.entry = EntryFor(caller, Action::kCreateInvite, made->row.id.bytes);
  change.request = *std::move(request);
  if (auto s = writer_.Apply(std::move(change)); !s.ok()) return s;
  return std::move(made->output);
}

absl::StatusOr<GrantId> AccessControl::Impl::CreateGrant(
    const Caller& caller, const GrantInput& input) {
  if (auto s = RequireAdmin(caller); !s.ok()) return s;
  MutexLock lock(parts_.base.access.changes());
  if (auto s = CheckStillLive(caller); !s.ok()) return s;
  KeyedDigest content = requests_.Digest("create-grant");
  AddGrantInput(content, input);
  const Act act{caller.principal, input.request, content.Finish()};
  auto before = requests_.Find(parts_.base.store, act);
  if (!before.ok()) return before.status();
  if (before->has_value()) {
    crypto::ByteReader in((*before)->Expose(crypto::AllowSecretAccess()));
    return GrantId{in.GetArray<16>()};
  }
  auto principal = parts_.base.access.ResolvePrincipal(input.principal);
  if (!principal.ok()) return principal.status();
  if ((*principal)->id == caller.principal) {
    return MakeError(
        absl::StatusCode::kPermissionDenied,
        "nobody grants themselves anything",
        {.reason = Reason::kOwnGrant, .hint = "ask another admin"});
  }
  if (!MayRead((*principal)->role)) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "members, sources and auditors hold no grants",
                     {.reason = Reason::kInvalidValue,
                      .hint = "invite them as a coordinator, under a name of "
                              "its own",
                      .field = "to"});
  }
  auto grant = BuildGrant(input, parts_.base.schema, Now());
  if (!grant.ok()) return grant.status();
  grant->id.bytes = crypto::RandomId(parts_.base.random);
  grant->principal = (*principal)->id;
  grant->granted_by = caller.principal;
  ByteBuilder result;
  result.Raw(grant->id.bytes);
  auto request = requests_.Make(act, result.TakeSecret());
  if (!request.ok()) return request.status();
  AccessChange change;
  change.facts.emplace_back(*grant);
  change.entry = EntryFor(caller, Action::kCreateGrant, grant->id.bytes);
  change.request = *std::move(request);
  if (auto s = writer_.Apply(std::move(change)); !s.ok()) return s;
  return grant->id;
}

absl::Status AccessControl::Impl::ApplyOnce(const Caller& caller,
                                            const RequestId& request,
                                            AccessChange change) {
  KeyedDigest content = requests_.Digest(ActionName(change.entry.action));
  content.Add(change.entry.subject);
  const Act act{caller.principal, request, content.Finish()};
  auto before = requests_.Find(parts_.base.store, act);
  if (!before.ok()) return before.status();
  if (before->has_value()) return absl::OkStatus();
  auto remembered = requests_.Make(act, crypto::SecretBytes());
  if (!remembered.ok()) return remembered.status();
  change.request = *std::move(remembered);
  return writer_.Apply(std::move(change));
}

absl::Status AccessControl::Impl::RevokeGrant(const Caller& caller,
                                              const GrantId& id,
                                              const RequestId& request) {
  MutexLock lock(parts_.base.access.changes());
  if (auto s = CheckStillLive(caller); !s.ok()) return s;
  const auto grant = parts_.base.access.FindGrant(id);
  const bool own = grant != nullptr && grant->principal == caller.principal;
  if (!own) {
    if (auto s = RequireAdmin(caller); !s.ok()) return s;
  }
  if (grant == nullptr) return NoSuch("grant");
  Grant revoked = *grant;
  revoked.revoked = true;
  AccessChange change;
  change.facts.emplace_back(std::move(revoked));
  change.entry = EntryFor(caller, Action::kRevokeGrant, id.bytes);
  return ApplyOnce(caller, request, std::move(change));
}

absl::Status AccessControl::Impl::RevokeDevice(const Caller& caller,
                                               const DeviceId& id,
                                               const RequestId& request) {
  MutexLock lock(parts_.base.access.changes());
  if (auto s = CheckStillLive(caller); !s.ok()) return s;
  const auto device = parts_.base.access.FindDevice(id);
  const bool own = device != nullptr && device->principal == caller.principal;
  if (!own) {
    if (auto s = RequireAdmin(caller); !s.ok()) return s;
  }
  if (device == nullptr) return NoSuch("device");
  if (!parts_.base.access.HasAdminWithout(id, PrincipalId{}, Now())) {
    return LastAdmin();
  }
  Device revoked = *device;
  revoked.revoked = true;
  AccessChange change;
  change.facts.emplace_back(std::move(revoked));
  change.entry = EntryFor(caller, Action::kRevokeDevice, id.bytes);
  return ApplyOnce(caller, request, std::move(change));
}

absl::Status AccessControl::Impl::SuspendPrincipal(const Caller& caller,
                                                   std::string_view who,
                                                   bool lift,
                                                   const RequestId& request) {
  if (auto s = RequireAdmin(caller); !s.ok()) return s;
  MutexLock lock(parts_.base.access.changes());
  if (auto s = CheckStillLive(caller); !s.ok()) return s;
  auto found = parts_.base.access.ResolvePrincipal(who);
  if (!found.ok()) return found.status();
  Principal principal = **found;
  if (!lift &&
      !parts_.base.access.HasAdminWithout(DeviceId{}, principal.id, Now())) {
    return LastAdmin();
  }
  principal.suspended = !lift;
  AccessChange change;
  change.entry = EntryFor(
      caller, lift ? Action::kLiftSuspension : Action::kSuspendPrincipal,
      principal.id.bytes);
  change.facts.emplace_back(std::move(principal));
  return ApplyOnce(caller, request, std::move(change));
}

absl::StatusOr<InviteOutput> AccessControl::Impl::CreateFirstAdmin(
    std::string_view name) {
  MutexLock lock(parts_.base.access.changes());
  if (auto s = CheckPrincipalName(name); !s.ok()) return s;
  Principal admin;
  admin.id.bytes = crypto::RandomId(parts_.base.random);
  admin.name = std::string(name);
  admin.role = Role::kAdmin;
  admin.created = Now();
  Grant grant;
  grant.id.bytes = crypto::RandomId(parts_.base.random);
  grant.principal = admin.id;
  grant.role = Role::kAdmin;
  grant.classes = {FieldClass::kBasic, FieldClass::kContact,
                   FieldClass::kSensitive};
  grant.purpose = "set-up";
  grant.created = Now();
  grant.not_after = Now() + kFirstGrantLife;
  grant.granted_by = admin.id;
  auto made = MakeInvite(parts_, admin, std::chrono::seconds(0));
  if (!made.ok()) return made.status();
  AccessChange change;
  change.entry.action = Action::kInitialise;
  change.entry.actor = admin.id;
  change.entry.subject = made->row.id.bytes;
  change.facts.emplace_back(admin);
  change.facts.emplace_back(grant);
  change.facts.emplace_back(made->row);
  if (auto s = writer_.Apply(std::move(change)); !s.ok()) return s;
  return std::move(made->output);
}

AccessControl::AccessControl(const AccessParts& parts)
    : impl_(std::make_unique<Impl>(parts)) {}
AccessControl::~AccessControl() = default;

absl::StatusOr<InviteOutput> AccessControl::CreateInvite(
    const Caller& caller, const InviteInput& input) {
  return impl_->CreateInvite(caller, input);
}
absl::StatusOr<GrantId> AccessControl::CreateGrant(const Caller& caller,
                                                   const GrantInput& input) {
  return impl_->CreateGrant(caller, input);
}
absl::Status AccessControl::RevokeGrant(const Caller& caller,
                                        const GrantId& grant,
                                        const RequestId& request) {
  return impl_->RevokeGrant(caller, grant, request);
}
absl::Status AccessControl::RevokeDevice(const Caller& caller,
                                         const DeviceId& device,
                                         const RequestId& request) {
  return impl_->RevokeDevice(caller, device, request);
}
absl::Status AccessControl::SuspendPrincipal(const Caller& caller,
                                             std::string_view principal,
                                             bool lift,
                                             const RequestId& request) {
  return impl_->SuspendPrincipal(caller, principal, lift, request);
}
absl::StatusOr<InviteOutput> AccessControl::CreateFirstAdmin(
    std::string_view name) {
  return impl_->CreateFirstAdmin(name);
}

}  // namespace sodality::core
