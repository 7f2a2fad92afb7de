// roster push: a file of members, whole.
#include <cerrno>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/json.h"
#include "client/cli/member_view.h"
#include "client/cli/named_file.h"
#include "client/cli/progress.h"
#include "client/cli/push_rows.h"
#include "client/cli/session.h"
#include "client/roster/roster_file.h"
#include "text/utf8.h"

namespace sodality::cli {
namespace {

constexpr size_t kMaxSourceBytes = 64;
constexpr size_t kShownErrors = 20;

absl::Status BadRoster(const absl::Status& status) {
  return BadContent(status,
                    "nothing was sent: mend the file, then push it again");
}

absl::StatusOr<std::ifstream> OpenFile(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  file.peek();  // A folder opens, too, but cannot be read.
  if (!file.is_open() || file.bad()) return CannotRead(path, errno);
  file.clear();  // Empty files are judged by who reads them.
  return file;
}

absl::StatusOr<roster::MapFile> ReadMap(const std::string& path) {
  if (path.empty()) return roster::MapFile{};
  const auto file = OpenFile(path);
  if (!file.ok()) return file.status();
  std::ostringstream content;
  content << file->rdbuf();
  auto map = roster::ParseMapFile(content.str());
  if (map.ok()) return map;
  return BadContent(map.status(),
                    "under [columns], a line says: Town = \"city\"");
}

struct Roster {
  std::string path;
  roster::FieldCatalogue catalogue;
  roster::MapFile map;
};

// Reads the whole file once, so that a damaged one is refused before any of it
// is sent; answers how many rows it has.
absl::StatusOr<uint64_t> CountRows(const Roster& roster) {
  auto input = OpenFile(roster.path);
  if (!input.ok()) return input.status();
  auto file = roster::RosterFile::Open(*input, roster.catalogue, roster.map);
  if (!file.ok()) return BadRoster(file.status());
  const auto rows = file->Count();
  return rows.ok() ? rows : BadRoster(rows.status());
}

absl::StatusOr<PushReport> Send(const Roster& roster,
                                const PushOptions& options,
                                const Client& client, Session& session) {
  const auto total = CountRows(roster);
  if (!total.ok()) return total.status();
  auto input = OpenFile(roster.path);
  if (!input.ok()) return input.status();
  auto file = roster::RosterFile::Open(*input, roster.catalogue, roster.map);
  if (!file.ok()) return BadRoster(file.status());
  Progress progress(*total, session);
  PushRows rows(*file, [&](uint64_t count) { progress.Advance(count); });
  auto result = client.PushRoster(options, rows);
  if (!result.ok()) return BadContent(result.status(), "the file has changed");
  return PushReport{rows.Complete(*std::move(result)), file->unmapped(),
                    options.dry_run};
}

void ShowErrors(const PushResult& result, Session& session) {
  size_t shown = 0;
  for (const RowError& error : result.invalid) {
    if (++shown > kShownErrors) break;
    session.Warn(absl::StrCat("row ", error.row, ", ",
                              text::Printable(error.column), ": ",
                              text::Printable(error.reason)));
  }
  if (result.invalid.size() > kShownErrors) {
    session.Warn(absl::StrCat("and ", result.invalid.size() - kShownErrors,
                              " more; --json lists them"));
  }
}

void ShowUnmapped(const PushReport& report, Session& session) {
  std::string names;
  for (const std::string& name : report.unmapped) {
    names += (names.empty() ? "" : ", ") + text::Printable(name);
  }
  if (names.empty()) return;
  session.Note("columns not stored, for no field takes them: " + names);
  session.Hint("--map FILE says what they mean");
}

void PrintReport(const PushReport& report, Session& session) {
  if (session.options().json) {
    session.Print(PushJson(report));
    return;
  }
  const PushResult& result = report.result;
  session.Print(absl::StrCat(report.dry_run ? "would be: " : "", result.rows,
                             " rows: ", result.added, " added, ",
                             result.changed, " changed, ", result.unchanged,
                             " unchanged, ", result.suppressed, " suppressed, ",
                             result.invalid_rows, " refused\n"));
  ShowUnmapped(report, session);
  ShowErrors(result, session);
}

absl::StatusOr<PushOptions> OptionsOf(const Arguments& arguments) {
  PushOptions options;
  options.source = arguments.One("source");
  options.dry_run = arguments.Has("dry-run");
  options.fill_blanks = arguments.Has("fill-blanks");
  if (options.source.size() > kMaxSourceBytes) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "--source is longer than 64 bytes",
                     {.reason = "INVALID_VALUE",
                      .hint = "a short name of where the file is from"});
  }
  return options;
}

absl::StatusOr<ExitCode> Push(const Arguments& arguments, Session& session) {
  const auto options = OptionsOf(arguments);
  if (!options.ok()) return options.status();
  auto map = ReadMap(arguments.One("map"));
  if (!map.ok()) return map.status();
  const auto client = session.Connected();
  if (!client.ok()) return client.status();
  auto catalogue = LoadCatalogue(*client);
  if (!catalogue.ok()) return catalogue.status();
  const Roster roster = {arguments.One("FILE"), *std::move(catalogue),
                         *std::move(map)};
  const auto report = Send(roster, *options, *client, session);
  if (!report.ok()) return report.status();
  PrintReport(*report, session);
  return report->result.invalid_rows > 0 ? ExitCode::kPartial : ExitCode::kOk;
}

}  // namespace

CommandSpec RosterCommand() {
  CommandSpec push = {
      .name = "push",
      .summary = "add and update members from a CSV file",
      .details =
          "Rows are matched by external_id, else e-mail, else telephone. Good "
          "rows are stored, bad ones are named; a column that no field takes "
          "is named and not stored. Rows of whoever was erased are counted as "
          "suppressed, and not stored. The same push again changes "
          "nothing, but for rows without any of the three, which are added "
          "again.",
      .examples = {"sodality roster push members.csv --dry-run",
                   "sodality roster push members.csv --map columns.toml"},
      .options = {{"source", "NAME", "where the roster comes from",
                   Takes::kOne},
                  {"map", "FILE", "what the columns mean (TOML)", Takes::kOne},
                  {"dry-run", "", "check and count; store nothing",
                   Takes::kNothing},
                  {"fill-blanks", "",
                   "write only fields that have no value yet", Takes::kNothing},
                  {"yes", "", "do it without asking", Takes::kNothing}},
      .positionals = {{"FILE", "a CSV file with a header"}},
      .subcommands = {},
      .handler = &Push};
  return {.name = "roster",
          .summary = "rosters from other systems",
          .details = "",
          .examples = {},
          .options = {},
          .positionals = {},
          .subcommands = {std::move(push)},
          .handler = nullptr};
}

}  // namespace sodality::cli
