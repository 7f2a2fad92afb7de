// approval: acts that nobody does alone, and what the second person says.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/cli/act_view.h"
#include "client/cli/approver.h"
#include "client/cli/commands.h"
#include "client/cli/json_acts.h"
#include "client/cli/propose.h"
#include "client/cli/session.h"
#include "client/cli/table.h"
#include "client/cli/values.h"
#include "crypto/secret.h"
#include "text/base32.h"
#include "text/utf8.h"

namespace sodality::cli {
namespace {

absl::StatusOr<ExitCode> ListApprovals(const Arguments& /*arguments*/,
                                       Session& session) {
  const auto client = session.Connected();
  if (!client.ok()) return client.status();
  const auto acts = client->ListActs();
  if (!acts.ok()) return acts.status();
  if (session.options().json) {
    session.Print(ActsJson(*acts));
    return ExitCode::kOk;
  }
  Table table({"ID", "PROPOSED BY", "STATE", "EXPIRES", "WHAT"});
  for (const PendingAct& act : *acts) {
    const auto form = ReadAct(act.form);
    const bool known = form.ok();
    table.Add({act.id, act.proposer_name, Standing(act),
               known ? platform::FormatTimestamp(form->expires) : "",
               known ? WhatHappens(*form)->front()
                     : "newer than this program: do not approve it"});
  }
  session.Print(table.Render(session.Style()));
  return ExitCode::kOk;
}

absl::StatusOr<PendingAct> FindAct(const Client& client,
                                   const std::string& id) {
  const auto acts = client.ListActs();
  if (!acts.ok()) return acts.status();
  const auto found = std::ranges::find(*acts, id, &PendingAct::id);
  if (found != acts->end()) return *found;
  return MakeError(
      absl::StatusCode::kNotFound, "there is no such act",
      {.reason = "NO_SUCH_ACT", .hint = "sodality approval list shows them"});
}

// That the bytes are of this chapter, as it is now, and of that act.
absl::Status CheckIsOurs(const crypto::ActForm& form, const std::string& id,
                         const Approver& approver, const Client& client) {
  const auto incarnation = IncarnationNow(client);
  if (!incarnation.ok()) return incarnation.status();
  if (text::EncodeBase32(form.id) == id && form.chapter == approver.chapter() &&
      form.incarnation == *incarnation) {
    return absl::OkStatus();
  }
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   "what is to be signed is not this act of this chapter",
                   {.reason = "OTHER_ACT",
                    .hint = "was the chapter restored since? then propose it "
                            "again; else tell whoever runs the server"});
}

absl::StatusOr<ExitCode> Approve(const Arguments& arguments, Session& session) {
  const auto id = ParseId("ID", arguments.One("ID"));
  if (!id.ok()) return id.status();
  const auto client = session.Connected();
  if (!client.ok()) return client.status();
  const auto act = FindAct(*client, *id);
  if (!act.ok()) return act.status();
  const auto form = ReadAct(act->form);
  if (!form.ok()) return form.status();
  const auto approver = session.Approve();
  if (!approver.ok()) return approver.status();
  if (auto s = CheckIsOurs(*form, *id, *approver, *client); !s.ok()) return s;
  const absl::Status confirmed =
      ConfirmAct(*form, act->proposer_name, "approve", arguments, session);
  if (!confirmed.ok()) return confirmed;
  if (auto s = approver->Register(*client); !s.ok()) return s;
  const auto now =
      client->ApproveAct(*id, approver->Sign(crypto::AsBytes(act->form)));
  if (!now.ok()) return now.status();
  return ReportAct(*now, *form, session);
}

absl::StatusOr<ExitCode> Refuse(const Arguments& arguments, Session& session) {
  const auto id = ParseId("ID", arguments.One("ID"));
  if (!id.ok()) return id.status();
  const auto client = session.Connected();
  if (!client.ok()) return client.status();
  const auto act = FindAct(*client, *id);
  if (!act.ok()) return act.status();
  // Also what this program does not understand.
  if (const auto form = ReadAct(act->form); form.ok()) {
    const absl::Status confirmed =
        ConfirmAct(*form, act->proposer_name, "refuse", arguments, session);
    if (!confirmed.ok()) return confirmed;
  }
  const auto now = client->RefuseAct(*id);
  if (!now.ok()) return now.status();
  session.Print(session.options().json ? ActJson(*now)
                                       : "refused " + *id + "\n");
  return ExitCode::kOk;
}

const OptionSpec kYes = {"yes", "", "do it without asking", Takes::kNothing};

CommandSpec ListCommand() {
  return {.name = "list",
          .summary = "acts that wait for approval, and those that ended",
          .details = "",
          .examples = {},
          .options = {},
          .positionals = {},
          .subcommands = {},
          .handler = &ListApprovals};
}

CommandSpec ApproveCommand() {
  return {
      .name = "approve",
      .summary = "approve an act, and do it when enough have",
      .details =
          "Shows what would happen, as this program reads it in the very bytes "
          "that it signs, and asks. Two different admins have to approve, the "
          "proposer is one; the second one's approval does it. Where there is "
          "one admin, that one approves a second time 24 hours later. Exit 12: "
          "it still waits. Asks for the passphrase of this device's keys "
          "again.",
      .examples = {"sodality approval approve ID"},
      .options = {kYes},
      .positionals = {{"ID", "as sodality approval list shows it"}},
      .subcommands = {},
      .handler = &Approve};
}

CommandSpec RefuseCommand() {
  return {.name = "refuse",
          .summary = "end an act that waits for approval",
          .details = "Any admin may, also who proposed it.",
          .examples = {"sodality approval refuse ID"},
          .options = {kYes},
          .positionals = {{"ID", "as sodality approval list shows it"}},
          .subcommands = {},
          .handler = &Refuse};
}

}  // namespace

CommandSpec ApprovalCommand() {
  return {.name = "approval",
          .summary = "acts that nobody does alone",
          .details =
              "For role admin. What cannot be undone is proposed by one admin, "
              "as by sodality keys trim, and done when a second one approves.",
          .examples = {},
          .options = {},
          .positionals = {},
          .subcommands = {ListCommand(), ApproveCommand(), RefuseCommand()},
          .handler = nullptr};
}

}  // namespace sodality::cli
