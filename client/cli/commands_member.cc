// member and me: changing records, others' and one's own.
#include <utility>

#include "client/cli/commands.h"
#include "client/cli/fields.h"
#include "client/cli/json.h"
#include "client/cli/ledger_view.h"
#include "client/cli/member_view.h"
#include "client/cli/session.h"
#include "client/cli/values.h"

namespace sodality::cli {
namespace {

constexpr char kAssignments[] = "FIELD=VALUE";
constexpr int kSeenPage = 500;
constexpr int64_t kMaxRevision = int64_t{1} << 53;

absl::StatusOr<std::vector<Field>> ChangesOf(const Arguments& arguments,
                                             const Client& client) {
  const auto catalogue = LoadCatalogue(client);
  if (!catalogue.ok()) return catalogue.status();
  return ParseFields(arguments.Many(kAssignments), *catalogue);
}

absl::StatusOr<uint64_t> RevisionOf(const Arguments& arguments) {
  if (!arguments.Has("revision")) return 0;
  const auto revision =
      ParseNumber(arguments.One("revision"), {"--revision", 1, kMaxRevision});
  if (!revision.ok()) return revision.status();
  return static_cast<uint64_t>(*revision);
}

void PrintWritten(const std::string& verb, const Written& written,
                  Session& session) {
  if (session.options().json) {
    session.Print(WrittenJson(written));
  } else {
    const std::string id = written.id.empty() ? "" : " " + written.id;
    session.Print(verb + id + ", revision " + std::to_string(written.revision) +
                  "\n");
  }
}

absl::StatusOr<ExitCode> AddMember(const Arguments& arguments,
                                   Session& session) {
  const auto client = session.Connected();
  if (!client.ok()) return client.status();
  auto fields = ChangesOf(arguments, *client);
  if (!fields.ok()) return fields.status();
  const auto written =
      client->Create({*std::move(fields), arguments.One("grant")});
  if (!written.ok()) return written.status();
  PrintWritten("added", *written, session);
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> EditMember(const Arguments& arguments,
                                    Session& session) {
  auto id = ParseId("MEMBER", arguments.One("MEMBER"));
  if (!id.ok()) return id.status();
  const auto revision = RevisionOf(arguments);
  if (!revision.ok()) return revision.status();
  const auto client = session.Connected();
  if (!client.ok()) return client.status();
  auto changes = ChangesOf(arguments, *client);
  if (!changes.ok()) return changes.status();
  const auto written = client->Update(
      {*std::move(id), *revision, *std::move(changes), arguments.One("grant")});
  if (!written.ok()) return written.status();
  PrintWritten("changed", *written, session);
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> EraseMember(const Arguments& arguments,
                                     Session& session) {
  const auto id = ParseId("MEMBER", arguments.One("MEMBER"));
  if (!id.ok()) return id.status();
  if (!arguments.Has("yes")) {
    const absl::Status confirmed = session.Confirm(
        "This erases member " + *id + " for good, from the ledger too.",
        "erase");
    if (!confirmed.ok()) return confirmed;
  }
  const auto client = session.Connected();
  if (!client.ok()) return client.status();
  const absl::Status erased = client->Erase({*id, arguments.One("grant")});
  if (!erased.ok()) return erased;
  session.Print(session.options().json ? StringsJson({{"id", *id}})
                                       : "erased " + *id + "\n");
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> Seen(const Client& client, Session& session) {
  LedgerQuery query;
  query.page_size = kSeenPage;
  const auto page = client.ListOwnLedger(query);
  if (!page.ok()) return page.status();
  PrintLedger(*page, session);
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> Me(const Arguments& arguments, Session& session) {
  const auto client = session.Connected();
  if (!client.ok()) return client.status();
  if (arguments.Has("seen")) return Seen(*client, session);
  const auto member = client->GetSelf();
  if (!member.ok()) return member.status();
  if (!session.options().json) {
    session.Print(RenderRecord(*member, session));
    return ExitCode::kOk;
  }
  const auto catalogue = LoadCatalogue(*client);
  if (!catalogue.ok()) return catalogue.status();
  session.Print(MembersJson({{*member}, /*more=*/false}, *catalogue));
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> EditMe(const Arguments& arguments, Session& session) {
  const auto revision = RevisionOf(arguments);
  if (!revision.ok()) return revision.status();
  const auto client = session.Connected();
  if (!client.ok()) return client.status();
  auto changes = ChangesOf(arguments, *client);
  if (!changes.ok()) return changes.status();
  MemberEdit edit;
  edit.revision = *revision;
  edit.changes = *std::move(changes);
  const auto written = client->UpdateSelf(edit);
  if (!written.ok()) return written.status();
  PrintWritten("changed your record", *written, session);
  return ExitCode::kOk;
}

// Everything, as JSON whether asked for or not: it is to be kept.
absl::StatusOr<ExitCode> ExportMe(const Arguments& /*arguments*/,
                                  Session& session) {
  const auto client = session.Connected();
  if (!client.ok()) return client.status();
  const auto member = client->GetSelf();
  if (!member.ok()) return member.status();
  const auto catalogue = LoadCatalogue(*client);
  if (!catalogue.ok()) return catalogue.status();
  std::vector<LedgerEntry> entries;
  LedgerQuery query;
  query.page_size = kSeenPage;
  do {
    auto page = client->ListOwnLedger(query);
    if (!page.ok()) return page.status();
    for (LedgerEntry& entry : page->entries) {
      entries.push_back(std::move(entry));
    }
    query.page_token = page->next_page_token;
  } while (!query.page_token.empty());
  session.Print(ExportJson(*member, entries, *catalogue));
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> EraseMe(const Arguments& arguments, Session& session) {
  if (!arguments.Has("yes")) {
    const absl::Status confirmed = session.Confirm(
        "This erases your own record for good and ends your access.", "erase");
    if (!confirmed.ok()) return confirmed;
  }
  const auto client = session.Connected();
  if (!client.ok()) return client.status();
  const absl::Status erased = client->EraseSelf();
  if (!erased.ok()) return erased;
  session.Print(session.options().json ? StringsJson({{"erased", "self"}})
                                       : "your record is erased\n");
  return ExitCode::kOk;
}

constexpr const char* kWhoComesBack =
    "A roster does not bring back whom it names by the external_id that they "
    "had, or by their e-mail or telephone, unless the row has another first "
    "name; a row with a name alone does. sodality member add admits whoever "
    "joins again.";

OptionSpec GrantOption() {
  return {"grant", "ID", "act through this grant", Takes::kOne};
}

OptionSpec RevisionOption() {
  return {"revision", "N", "refuse unless this is the current revision",
          Takes::kOne};
}

OptionSpec YesOption() {
  return {"yes", "", "do it without asking", Takes::kNothing};
}

PositionalSpec AssignmentWords() {
  return {kAssignments, "a field and its new value; an empty one clears it",
          Takes::kSeveral};
}

PositionalSpec MemberWord() { return {"MEMBER", "the member's id"}; }

}  // namespace

CommandSpec MemberCommand() {
  CommandSpec add = {
      .name = "add",
      .summary = "add a member",
      .details = "List fields take several values with ; between.",
      .examples = {"sodality member add given_name=Maria family_name=Gonzalez "
                   "\"committees=Housing;Labor\""},
      .options = {GrantOption()},
      .positionals = {AssignmentWords()},
      .subcommands = {},
      .handler = &AddMember};
  CommandSpec edit = {
      .name = "edit",
      .summary = "change fields of a member",
      .details = "",
      .examples = {"sodality member edit MEMBER city=Bronx notes="},
      .options = {RevisionOption(), GrantOption()},
      .positionals = {MemberWord(), AssignmentWords()},
      .subcommands = {},
      .handler = &EditMember};
  CommandSpec erase = {.name = "erase",
                       .summary = "erase a member for good",
                       .details = kWhoComesBack,
                       .examples = {},
                       .options = {YesOption(), GrantOption()},
                       .positionals = {MemberWord()},
                       .subcommands = {},
                       .handler = &EraseMember};
  return {.name = "member",
          .summary = "add, change and erase members",
          .details = "",
          .examples = {},
          .options = {},
          .positionals = {},
          .subcommands = {std::move(add), std::move(edit), std::move(erase)},
          .handler = nullptr};
}

CommandSpec MeCommand() {
  CommandSpec edit = {.name = "edit",
                      .summary = "change your own record",
                      .details = "",
                      .examples = {"sodality me edit \"phone=(212) 555-0123\""},
                      .options = {RevisionOption()},
                      .positionals = {AssignmentWords()},
                      .subcommands = {},
                      .handler = &EditMe};
  CommandSpec exported = {
      .name = "export",
      .summary = "print your record and who has looked at it, as JSON",
      .details = "",
      .examples = {"sodality me export > me.json"},
      .options = {},
      .positionals = {},
      .subcommands = {},
      .handler = &ExportMe};
  CommandSpec erase = {.name = "erase",
                       .summary = "erase your own record and end your access",
                       .details = kWhoComesBack,
                       .examples = {},
                       .options = {YesOption()},
                       .positionals = {},
                       .subcommands = {},
                       .handler = &EraseMe};
  return {
      .name = "me",
      .summary = "your own record, and who has looked at it",
      .details = "",
      .examples = {"sodality me", "sodality me --seen"},
      .options = {{"seen", "", "who has looked at it, when and what for",
                   Takes::kNothing}},
      .positionals = {},
      .subcommands = {std::move(edit), std::move(exported), std::move(erase)},
      .handler = &Me};
}

}  // namespace sodality::cli
