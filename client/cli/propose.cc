#include "client/cli/propose.h"

#include <algorithm>
#include <utility>

#include "client/cli/act_view.h"
#include "client/cli/approver.h"
#include "client/cli/json_acts.h"
#include "client/cli/session.h"
#include "client/cli/table.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "text/base32.h"
#include "text/utf8.h"

namespace sodality::cli {

absl::StatusOr<crypto::Bytes16> IncarnationNow(const Client& client) {
  const auto head = client.GetLedgerHead();
  if (!head.ok()) return head.status();
  crypto::Bytes16 incarnation{};
  const auto bytes = crypto::AsBytes(head->incarnation);
  std::copy_n(bytes.begin(), std::min(bytes.size(), incarnation.size()),
              incarnation.begin());
  return incarnation;
}

absl::Status ConfirmAct(const crypto::ActForm& act, const std::string& proposer,
                        const std::string& word, const Arguments& arguments,
                        Session& session) {
  auto lines = DescribeAct(act);
  if (!lines.ok()) return lines.status();
  for (Line& line : *lines) {
    if (line.name == "proposed by" && !proposer.empty()) {
      line.value += " (" + text::Printable(proposer) + ")";
    }
  }
  const std::string shown = RenderLines(*lines, "");
  if (arguments.Has("yes")) {
    if (!session.options().json) session.Print(shown);
    return absl::OkStatus();
  }
  return session.Confirm(shown, word);
}

ExitCode ReportAct(const PendingAct& now, const crypto::ActForm& act,
                   Session& session) {
  const bool waits = now.state == "pending";
  if (session.options().json) {
    session.Print(ActJson(now));
  } else if (waits) {
    session.Print("waiting for approval: " + now.id + " (" + Standing(now) +
                  ")\n");
  } else {
    session.Print(now.id + " is " + text::Printable(now.state) + "\n");
  }
  if (waits) {
    session.Hint(now.alone_from ? "approve it again then: sodality approval "
                                  "approve " +
                                      now.id
                                : "another admin runs: sodality approval "
                                  "approve " +
                                      now.id);
    return ExitCode::kWaiting;
  }
  session.Note(ByHand(act));
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> Propose(const NewAct& act, const Arguments& arguments,
                                 Session& session) {
  const auto client = session.Connected();
  if (!client.ok()) return client.status();
  const auto approver = session.Approve();
  if (!approver.ok()) return approver.status();
  const auto status = client->GetStatus();
  if (!status.ok()) return status.status();
  const auto self = text::DecodeBase32(status->self.id);
  if (!self.ok()) return self.status();
  const auto incarnation = IncarnationNow(*client);
  if (!incarnation.ok()) return incarnation.status();
  crypto::ActForm form;
  form.chapter = approver->chapter();
  form.incarnation = *incarnation;
  form.id = crypto::RandomId(crypto::SystemRandom());
  form.kind = act.kind;
  form.content = act.content;
  form.proposer = *self;
  form.created = session.environment().clock.Now();
  form.expires = form.created + crypto::kActLife;
  const absl::Status confirmed =
      ConfirmAct(form, status->self.name, "propose", arguments, session);
  if (!confirmed.ok()) return confirmed;
  if (auto s = approver->Register(*client); !s.ok()) return s;
  const auto bytes = crypto::EncodeAct(form);
  const auto now = client->ProposeAct(std::string(crypto::AsText(bytes)),
                                      approver->Sign(bytes));
  if (!now.ok()) return now.status();
  return ReportAct(*now, form, session);
}

}  // namespace sodality::cli
