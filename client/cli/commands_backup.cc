// backup: all of the chapter in one file, which only its root key opens.
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/json.h"
#include "client/cli/new_file.h"
#include "client/cli/progress.h"
#include "client/cli/session.h"
#include "client/cli/table.h"
#include "client/cli/values.h"
#include "text/utf8.h"

namespace sodality::cli {
namespace {

// Whoever finds this name knows that the file is not whole.
constexpr char kUnfinished[] = ".part";

std::string Describe(const BackupInfo& backup, const std::string& path) {
  return RenderLines(
      {{"backup", backup.id},
       {"file", text::Printable(path)},
       {"bytes", std::to_string(backup.bytes)},
       {"as of",
        backup.created.has_value() ? ShowTime(*backup.created) + " UTC" : ""},
       {"revision", std::to_string(backup.revision)},
       {"members", std::to_string(backup.members)},
       {"ledger", absl::StrCat(backup.entries, " entries")}},
      "");
}

absl::StatusOr<BackupInfo> Receive(const Client& client, NewFile& file,
                                   Session& session) {
  std::optional<Progress> progress;
  return client.CreateBackup(
      [&](const BackupInfo& backup, std::string_view bytes) {
        if (!progress) {
          progress.emplace(
              ProgressState{.total = backup.bytes, .unit = "bytes"}, session);
        }
        progress->Advance(bytes.size());
        return file.Append(bytes);
      });
}

absl::StatusOr<ExitCode> BackUp(const Arguments& arguments, Session& session) {
  const std::string& path = arguments.One("FILE");
  if (auto s = CheckAbsent(path); !s.ok()) return s;
  const auto client = session.Connected();
  if (!client.ok()) return client.status();
  auto file = NewFile::Create(path + kUnfinished);
  if (!file.ok()) return file.status();
  const auto backup = Receive(*client, *file, session);
  if (!backup.ok()) return backup.status();
  if (auto s = file->KeepAs(path); !s.ok()) return s;
  if (session.options().json) {
    session.Print(BackupJson(*backup, path));
    return ExitCode::kOk;
  }
  session.Print(Describe(*backup, path));
  session.Hint(
      "keep it where the server is not, and away from the root key; try it: "
      "sodalityd restore FILE --data DIR --verify-only");
  return ExitCode::kOk;
}

}  // namespace

CommandSpec BackupCommand() {
  return {
      .name = "backup",
      .summary = "all of the chapter in one encrypted file",
      .details =
          "For role admin. The server makes it while the directory is in use: "
          "members, access, ledger and keys as of one moment, verified before "
          "it is sent, and recorded in the ledger. It opens with the root key "
          "of that time alone, by sodalityd restore: whoever has the file "
          "without the key has nothing, and with both everything, those who "
          "are erased later among it. The server's disk has to hold a copy of "
          "the database meanwhile. FILE appears when it is whole; until then "
          "it is FILE.part.",
      .examples = {"sodality backup 2026-11-29.sodality"},
      .options = {},
      .positionals = {{"FILE", "where to write it; nothing may be there"}},
      .subcommands = {},
      .handler = &BackUp};
}

}  // namespace sodality::cli
