#include "server/core/access/approvals.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "platform/mutex.h"
#include "server/core/access/change_rules.h"
#include "server/core/access/quorum.h"
#include "server/core/error.h"

namespace sodality::core {
namespace {

using platform::MutexLock;

absl::Status BadApproval(std::string_view message, std::string hint) {
  return MakeError(absl::StatusCode::kPermissionDenied, message,
                   {.reason = Reason::kBadApproval, .hint = std::move(hint)});
}

absl::Status ActEnded(std::string_view message) {
  return MakeError(
      absl::StatusCode::kFailedPrecondition, message,
      {.reason = Reason::kActEnded, .hint = "propose it again if it is due"});
}

absl::Status NoSuchAct() {
  return MakeError(absl::StatusCode::kNotFound, "there is no such act",
                   {.reason = Reason::kNotFound,
                    .hint = "sodality approval list shows them",
                    .field = "act_id"});
}

absl::Status WasUsed() {
  return MakeError(absl::StatusCode::kInvalidArgument,
                   "this id is that of another act",
                   {.reason = Reason::kRequestIdReused, .field = "form"});
}

absl::Status TooMany() {
  return MakeError(
      absl::StatusCode::kResourceExhausted, "too many acts are pending",
      {.reason = Reason::kRateLimited,
       .hint = "refuse those that are not wanted: sodality approval list"});
}

bool IsExpired(const PendingAct& act, Timestamp now) {
  if (act.state != ActState::kPending) return false;
  const auto form = crypto::DecodeAct(act.form);
  return !form.ok() || now >= form->expires;
}

}  // namespace

absl::Status Approvals::RegisterKey(const Caller& caller,
                                    const crypto::PublicKey& key,
                                    const crypto::Signature& proof) const {
  if (auto s = RequireAdmin(caller); !s.ok()) return s;
  const auto message =
      crypto::KeyProofMessage(parts_.info.id.bytes, caller.device.bytes);
  if (!crypto::VerifySignature(key, message, proof)) {
    return BadApproval("the device does not have this key", "");
  }
  MutexLock lock(parts_.access.changes());
  if (auto s = CheckStillLive(parts_, caller); !s.ok()) return s;
  Device device = *parts_.access.FindDevice(caller.device);
  if (device.approval_key == key) return absl::OkStatus();
  if (device.approval_key) {
    return BadApproval("another key for approvals is registered of this device",
                       "bring back its file approval.key, or enrol anew");
  }
  device.approval_key = key;
  AccessChange change;
  change.facts.emplace_back(std::move(device));
  change.entry =
      EntryFor(caller, Action::kRegisterApprovalKey, caller.device.bytes);
  return writer_.Apply(std::move(change));
}

absl::Status Approvals::CheckForm(const Caller& caller,
                                  const crypto::ActForm& act) const {
  const Timestamp now = Now();
  if (act.chapter != parts_.info.id.bytes ||
      act.incarnation != parts_.access.incarnation().id.bytes) {
    return InvalidValue("form",
                        "this act is for another chapter, or for this "
                        "one before it was restored");
  }
  if (act.proposer != caller.principal.bytes) {
    return InvalidValue("form", "this act is somebody else's");
  }
  if (act.created < now - kClockSkew || act.created > now + kClockSkew) {
    return InvalidValue("form",
                        "this device's clock is not the server's: set it");
  }
  if (act.expires != act.created + crypto::kActLife) {
    return InvalidValue("form", "an act is pending for 7 days");
  }
  return absl::OkStatus();
}

absl::Status Approvals::CheckSignature(
    const Caller& caller, const store::Bytes& form,
    const crypto::Signature& signature) const {
  const auto device = parts_.access.FindDevice(caller.device);
  if (device == nullptr || !device->approval_key) {
    return BadApproval("this device has no key for approvals",
                       "the sodality command registers one by itself");
  }
  if (!crypto::VerifySignature(*device->approval_key, form, signature)) {
    return BadApproval("this is not this device's signature of that act", "");
  }
  return absl::OkStatus();
}

absl::StatusOr<ActStanding> Approvals::Propose(
    const Caller& caller, std::span<const uint8_t> form,
    const crypto::Signature& signature) const {
  if (auto s = RequireAdmin(caller); !s.ok()) return s;
  const auto act = crypto::DecodeAct(form);
  if (!act.ok())
    return InvalidValue("form", std::string(act.status().message()));
  MutexLock lock(parts_.access.changes());
  if (auto s = CheckStillLive(parts_, caller); !s.ok()) return s;
  PendingAct row;
  row.id.bytes = act->id;
  row.form.assign(form.begin(), form.end());
  row.proposed = Now();
  row.consents = {{caller.principal, caller.device, Now(), signature}};
  if (auto s = CheckSignature(caller, row.form, signature); !s.ok()) return s;
  if (const auto before = parts_.access.book().Find(row.id)) {
    if (before->form != row.form) return WasUsed();
    return StandingOf(*before);
  }
  return ProposeNew(caller, *act, std::move(row));
}

absl::StatusOr<ActStanding> Approvals::ProposeNew(const Caller& caller,
                                                  const crypto::ActForm& act,
                                                  PendingAct row) const {
  if (auto s = CheckForm(caller, act); !s.ok()) return s;
  const auto order = crypto::DecodeTrim(act.content);
  if (!order.ok()) return InvalidValue("form", "this is no such act");
  const auto all = parts_.access.book().acts();
  const auto pending = std::count_if(all.begin(), all.end(), [&](auto& one) {
    return one.state == ActState::kPending && !IsExpired(one, Now());
  });
  if (static_cast<size_t>(pending) >= kMostPending) return TooMany();
  if (auto s = trim_.CheckOrder(*order); !s.ok()) return s;
  if (auto s = trim_.CheckFree(*order); !s.ok()) return s;
  if (LiveAdmins(parts_.access, Now()) == 1) row.alone_since = Now();
  const ActId id = row.id;
  if (auto s = Apply(caller, Action::kProposeAct, std::move(row)); !s.ok()) {
    return s;
  }
  return StandingOf(*parts_.access.book().Find(id));
}

absl::StatusOr<ActStanding> Approvals::Approve(
    const Caller& caller, const ActId& id,
    const crypto::Signature& signature) const {
  if (auto s = RequireAdmin(caller); !s.ok()) return s;
  MutexLock lock(parts_.access.changes());
  if (auto s = CheckStillLive(parts_, caller); !s.ok()) return s;
  auto act = parts_.access.book().Find(id);
  if (!act) return NoSuchAct();
  if (auto s = CheckSignature(caller, act->form, signature); !s.ok()) return s;
  if (act->state == ActState::kDone) return StandingOf(*act);
  if (act->state == ActState::kRunning) return Run(*act);
  if (act->state == ActState::kRefused) return ActEnded("it was refused");
  const auto form = crypto::DecodeAct(act->form);
  if (!form.ok()) return form.status();
  if (Now() >= form->expires) return ActEnded("it has expired");
  if (form->incarnation != parts_.access.incarnation().id.bytes) {
    return ActEnded("it was proposed before this chapter was restored");
  }
  PendingAct next = *act;
  bool is_new =
      AddConsent(next, {caller.principal, caller.device, Now(), signature});
  const bool alone = LiveAdmins(parts_.access, Now()) == 1;
  if (alone != (next.alone_since != Timestamp{})) {
    next.alone_since = alone ? Now() : Timestamp{};
    is_new = true;
  }
  if (IsDecided(StandingOf(next))) {
    const auto order = crypto::DecodeTrim(form->content);
    if (!order.ok()) return order.status();
    if (auto s = trim_.CheckFree(*order); !s.ok()) return s;
    next.state = ActState::kRunning;
    next.ended_by = caller.principal;
    is_new = true;
  }
  if (is_new) {
    const bool runs = next.state == ActState::kRunning;
    if (auto s = Apply(caller, Action::kApproveAct, std::move(next)); !s.ok()) {
      return s;
    }
    act = parts_.access.book().Find(id);
    if (runs) return Run(*act);
  }
  return StandingOf(*act);
}

absl::StatusOr<ActStanding> Approvals::Refuse(const Caller& caller,
                                              const ActId& id) const {
  if (auto s = RequireAdmin(caller); !s.ok()) return s;
  MutexLock lock(parts_.access.changes());
  if (auto s = CheckStillLive(parts_, caller); !s.ok()) return s;
  auto act = parts_.access.book().Find(id);
  if (!act) return NoSuchAct();
  if (act->state == ActState::kRefused) return StandingOf(*act);
  if (act->state == ActState::kDone) return ActEnded("it is done already");
  if (act->state == ActState::kRunning) return ActEnded("it is being done");
  act->state = ActState::kRefused;
  act->ended = Now();
  act->ended_by = caller.principal;
  if (auto s = Apply(caller, Action::kRefuseAct, *act); !s.ok()) return s;
  return StandingOf(*parts_.access.book().Find(id));
}

bool Approvals::AddConsent(PendingAct& act, const Consent& consent) const {
  for (Consent& one : act.consents) {
    if (one.principal != consent.principal) continue;
    if (CountsNow(parts_.access, one, act.form, Now())) return false;
    one = consent;  // By a device that is live.
    return true;
  }
  act.consents.push_back(consent);
  return true;
}

ActStanding Approvals::StandingOf(PendingAct act) const {
  ActStanding standing;
  standing.expired = IsExpired(act, Now());
  const auto counted = std::count_if(
      act.consents.begin(), act.consents.end(), [&](const Consent& consent) {
        return CountsNow(parts_.access, consent, act.form, Now());
      });
  standing.approvals = static_cast<uint32_t>(counted);
  const bool alone = LiveAdmins(parts_.access, Now()) == 1;
  standing.needed = alone ? 1 : 2;
  if (alone) {
    const bool known = act.alone_since != Timestamp{};
    standing.alone_from = (known ? act.alone_since : Now()) + kAloneFor;
  }
  standing.act = std::move(act);
  return standing;
}

bool Approvals::IsDecided(const ActStanding& standing) const {
  return standing.approvals >= standing.needed &&
         (!standing.alone_from || Now() >= *standing.alone_from);
}

absl::Status Approvals::Apply(const Caller& caller, Action action,
                              PendingAct act) const {
  AccessChange change;
  change.entry = EntryFor(caller, action, act.id.bytes);
  change.facts.emplace_back(std::move(act));
  return writer_.Apply(std::move(change));
}

absl::StatusOr<ActStanding> Approvals::Run(const PendingAct& act) const {
  const auto form = crypto::DecodeAct(act.form);
  if (!form.ok()) return form.status();
  const auto order = crypto::DecodeTrim(form->content);
  if (!order.ok()) return order.status();
  if (auto s = trim_.Run(act, *order); !s.ok()) return s;
  return StandingOf(*parts_.access.book().Find(act.id));
}

std::vector<ActStanding> Approvals::List() const {
  std::vector<ActStanding> all;
  for (PendingAct& act : parts_.access.book().acts()) {
    all.push_back(StandingOf(std::move(act)));
  }
  return all;
}

absl::Status Approvals::Resume() const {
  MutexLock lock(parts_.access.changes());
  for (const PendingAct& act : parts_.access.book().acts()) {
    if (act.state != ActState::kRunning) continue;
    const absl::Status done = Run(act).status();
    // Whoever approves it once more goes on with it.
    if (GetErrorInfo(done).reason == Reason::kRotationRunning) continue;
    if (!done.ok()) return done;
  }
  return absl::OkStatus();
}

}  // namespace sodality::core
