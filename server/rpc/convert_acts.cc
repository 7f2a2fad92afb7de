#include "server/rpc/convert_acts.h"

#include <optional>
#include <string>

#include "server/rpc/convert.h"

namespace sodality::rpc {
namespace {

using core::ActState;
using platform::FormatTimestamp;

std::string StateOf(const core::ActStanding& standing) {
  switch (standing.act.state) {
    case ActState::kPending:
      return standing.expired ? "expired" : "pending";
    case ActState::kRunning:
      return "running";
    case ActState::kDone:
      return "done";
    case ActState::kRefused:
      return "refused";
  }
  return "unknown";
}

std::string PersonsName(const core::AccessTable& access,
                        const core::PrincipalId& id) {
  const auto principal = access.FindPrincipal(id);
  return principal == nullptr ? std::string() : principal->name;
}

}  // namespace

void FillAct(const core::ActStanding& standing, const core::AccessTable& access,
             v1::PendingAct& out) {
  const core::PendingAct& act = standing.act;
  out.set_id(FormatId(act.id.bytes));
  out.set_form(act.form.data(), act.form.size());
  out.set_state(StateOf(standing));
  const auto form = crypto::DecodeAct(act.form);
  if (form.ok()) {
    out.set_proposer_name(
        PersonsName(access, core::PrincipalId{form->proposer}));
  }
  for (const core::Consent& consent : act.consents) {
    v1::Approval& approval = *out.add_approvals();
    approval.set_principal_id(FormatId(consent.principal.bytes));
    approval.set_principal_name(PersonsName(access, consent.principal));
    approval.set_time(FormatTimestamp(consent.at));
  }
  out.set_counted(standing.approvals);
  out.set_needed(standing.needed);
  if (standing.alone_from && act.state == ActState::kPending) {
    out.set_alone_from(FormatTimestamp(*standing.alone_from));
  }
  if (act.ended != core::Timestamp{}) {
    out.set_ended(FormatTimestamp(act.ended));
  }
}

void FillPending(const core::Approvals& approvals,
                 v1::GetStatusResponse& response) {
  std::optional<core::Timestamp> earliest;
  uint32_t pending = 0;
  for (const core::ActStanding& standing : approvals.List()) {
    const ActState state = standing.act.state;
    const bool waits = state == ActState::kPending && !standing.expired;
    if (!waits && state != ActState::kRunning) continue;
    ++pending;
    const auto from = standing.alone_from;
    if (from && (!earliest || *from < *earliest)) earliest = from;
  }
  response.set_pending_acts(pending);
  if (earliest) response.set_alone_from(FormatTimestamp(*earliest));
}

}  // namespace sodality::rpc
