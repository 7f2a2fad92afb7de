// status, version and completion.
#include <algorithm>
#include <string_view>
#include <utility>

#include "client/cli/commands.h"
#include "client/cli/completion.h"
#include "client/cli/grant_view.h"
#include "client/cli/json.h"
#include "client/cli/session.h"
#include "client/cli/table.h"
#include "client/cli/values.h"
#include "client/cli/version.h"

namespace sodality::cli {
namespace {

std::string ServerLine(const StatusReport& report) {
  std::string line = report.address + ", version " + report.server.version +
                     ", revision " + std::to_string(report.server.revision);
  if (report.server.self.role == "admin") {
    line += ", " + std::to_string(report.server.members) + " members";
  }
  return line;
}

// The fields of each class, in the schema's order.
std::string FieldLines(const std::vector<SchemaField>& fields) {
  std::vector<Line> lines;
  for (const SchemaField& field : fields) {
    const auto same = std::find_if(
        lines.begin(), lines.end(),
        [&](const Line& line) { return line.name == field.field_class; });
    if (same == lines.end()) {
      lines.push_back({field.field_class, field.name});
    } else {
      same->value += " " + field.name;
    }
  }
  return RenderLines(lines, "");
}

// What somebody may do who holds no grant.
std::string_view WithoutGrant(std::string_view role) {
  if (role == "admin") {
    return "you hold no grant in force: another admin gives one";
  }
  if (role == "coordinator") {
    return "you hold no grant in force: an admin gives one";
  }
  if (role == "member") return "your own record: sodality me";
  if (role == "auditor") return "the record of looks: sodality ledger verify";
  return "a source pushes rosters, and reads nobody: sodality roster push";
}

void PrintStatus(const StatusReport& report, Session& session) {
  const ServerStatus& status = report.server;
  const std::string until = status.certificate_expires.has_value()
                                ? ShowTime(*status.certificate_expires)
                                : "?";
  session.Print(RenderLines(
      {{"chapter", status.chapter_name + " (" + status.chapter_id + ")"},
       {"you", status.self.name + ", " + status.self.role},
       {"device", status.device_id + ", certificate until " + until + " UTC"},
       {"server", ServerLine(report)},
       {"profile", report.profile}},
      ""));
  if (status.refused_invites > 0) {
    session.Warn("used or withdrawn invites were tried " +
                 std::to_string(status.refused_invites) +
                 " times since the server started");
  }
  if (status.grants.empty()) {
    session.Note(WithoutGrant(status.self.role));
    return;
  }
  session.Print("\n" + RenderGrants(status.grants, session) + "\n" +
                FieldLines(report.fields));
}

absl::StatusOr<ExitCode> Status(const Arguments& /*arguments*/,
                                Session& session) {
  const auto client = session.Connected();
  if (!client.ok()) return client.status();
  const auto memory = session.environment().memory(session);
  if (!memory.ok()) return memory.status();
  auto status = client->GetStatus();
  if (!status.ok()) return status.status();
  auto fields = client->GetSchema();
  if (!fields.ok()) return fields.status();
  const auto head = client->GetLedgerHead();
  if (!head.ok()) return head.status();
  const auto restored = (*memory)->Advance(*head);
  if (!restored.ok()) return restored.status();
  if (*restored) session.Warn(kRestored);
  const StatusReport report = {*std::move(status), *std::move(fields),
                               (*memory)->address(), (*memory)->folder()};
  if (session.options().json) {
    session.Print(StatusJson(report));
  } else {
    PrintStatus(report, session);
  }
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> Version(const Arguments& /*arguments*/,
                                 Session& session) {
  const std::string version(kVersion);
  session.Print(session.options().json ? StringsJson({{"version", version}})
                                       : "sodality " + version + "\n");
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> Completion(const Arguments& arguments,
                                    Session& session) {
  static const std::vector<std::string> shells = {"bash", "zsh", "fish"};
  const std::string& shell = arguments.One("SHELL");
  const absl::Status known = CheckKnown("shell", shell, shells);
  if (!known.ok()) return known;
  const CommandSpec& root = SodalityCommand();
  const std::string script = shell == "bash"  ? BashCompletion(root)
                             : shell == "zsh" ? ZshCompletion(root)
                                              : FishCompletion(root);
  session.Print(session.options().json
                    ? StringsJson({{"shell", shell}, {"script", script}})
                    : script);
  return ExitCode::kOk;
}

}  // namespace

CommandSpec StatusCommand() {
  return {.name = "status",
          .summary = "who you are here, what you may see, and until when",
          .details =
              "Lists the fields that your grants show, by class. Also checks "
              "that the server was not set back behind what this device has "
              "seen of it.",
          .examples = {},
          .options = {},
          .positionals = {},
          .subcommands = {},
          .handler = &Status,
          .field_options = false};
}

CommandSpec VersionCommand() {
  return {.name = "version",
          .summary = "print this program's version",
          .details = "",
          .examples = {},
          .options = {},
          .positionals = {},
          .subcommands = {},
          .handler = &Version,
          .field_options = false};
}

CommandSpec CompletionCommand() {
  return {.name = "completion",
          .summary = "print completions for a shell",
          .details = "",
          .examples = {"source <(sodality completion bash)",
                       "sodality completion fish | source"},
          .options = {},
          .positionals = {{"SHELL", "bash, zsh or fish"}},
          .subcommands = {},
          .handler = &Completion,
          .field_options = false};
}

}  // namespace sodality::cli
