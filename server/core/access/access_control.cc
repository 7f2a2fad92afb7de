#include "server/core/access/access_control.h"

#include <algorithm>
#include <utility>

#include "crypto/pki/invite_file.h"
#include "platform/mutex.h"
#include "server/core/access/access_writer.h"
#include "server/core/access/change_rules.h"
#include "server/core/access/grant_rules.h"
#include "server/core/access/invite_maker.h"
#include "server/core/access/restorer.h"
#include "server/core/access/revoker.h"
#include "server/core/byte_builder.h"
#include "server/core/error.h"
#include "server/core/request_log.h"
#include "text/base32.h"

namespace sodality::core {
namespace {

using platform::MutexLock;

}  // namespace

class AccessControl::Impl {
 public:
  explicit Impl(const AccessParts& parts)
      : parts_(parts), writer_(parts.base), restorer_(parts), revoker_(parts) {}

  absl::StatusOr<InviteOutput> CreateInvite(const Caller& caller,
                                            const InviteInput& input);
  absl::StatusOr<GrantId> CreateGrant(const Caller& caller,
                                      const GrantInput& input);
  absl::StatusOr<InviteOutput> CreateFirstAdmin(std::string_view name);
  const Restorer& restorer() const { return restorer_; }
  const Revoker& revoker() const { return revoker_; }

 private:
  absl::StatusOr<Principal> InvitedPrincipal(const Caller& caller,
                                             const InviteInput& input) const;
  Timestamp Now() const { return parts_.base.clock.Now(); }

  const AccessParts parts_;
  const AccessWriter writer_;
  const Restorer restorer_;
  const Revoker revoker_;
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
  if (auto s = CheckStillLive(parts_.base, caller); !s.ok()) return s;
  KeyedDigest content = parts_.requests.Digest("create-invite");
  content.AddText(input.name).AddNumber(static_cast<uint8_t>(input.role));
  content.AddNumber(static_cast<uint64_t>(input.ttl.count()));
  content.Add(input.member.value_or(MemberId{}).bytes);
  const Act act{caller.principal, input.request, content.Finish()};
  auto before = parts_.requests.Find(parts_.base.store, act);
  if (!before.ok()) return before.status();
  if (before->has_value()) return DecodeInviteOutput(**before);

  auto principal = InvitedPrincipal(caller, input);
  if (!principal.ok()) return principal.status();
  auto made = MakeInvite(parts_, *principal, input.ttl);
  if (!made.ok()) return made.status();
  auto request = parts_.requests.Make(act, EncodeInviteOutput(made->output));
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
  if (auto s = CheckStillLive(parts_.base, caller); !s.ok()) return s;
  KeyedDigest content = parts_.requests.Digest("create-grant");
  AddGrantInput(content, input);
  const Act act{caller.principal, input.request, content.Finish()};
  auto before = parts_.requests.Find(parts_.base.store, act);
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
  auto request = parts_.requests.Make(act, result.TakeSecret());
  if (!request.ok()) return request.status();
  AccessChange change;
  change.facts.emplace_back(*grant);
  change.entry = EntryFor(caller, Action::kCreateGrant, grant->id.bytes);
  change.request = *std::move(request);
  if (auto s = writer_.Apply(std::move(change)); !s.ok()) return s;
  return grant->id;
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
  Grant grant = FirstGrant(admin.id, Now());
  grant.id.bytes = crypto::RandomId(parts_.base.random);
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
  return impl_->revoker().RevokeGrant(caller, grant, request);
}
absl::Status AccessControl::RevokeDevice(const Caller& caller,
                                         const DeviceId& device,
                                         const RequestId& request) {
  return impl_->revoker().RevokeDevice(caller, device, request);
}
absl::Status AccessControl::SuspendPrincipal(const Caller& caller,
                                             std::string_view principal,
                                             bool lift,
                                             const RequestId& request) {
  return impl_->revoker().SuspendPrincipal(caller, principal, lift, request);
}
absl::StatusOr<InviteOutput> AccessControl::CreateFirstAdmin(
    std::string_view name) {
  return impl_->CreateFirstAdmin(name);
}
absl::StatusOr<RestoreOutput> AccessControl::DeclareRestored(
    const RestoreInput& input) {
  return impl_->restorer().Declare(input);
}

}  // namespace sodality::core
