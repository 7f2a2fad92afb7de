// keys: which keys the server has, and a new version of one.
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/json.h"
#include "client/cli/key_view.h"
#include "client/cli/progress.h"
#include "client/cli/session.h"
#include "text/utf8.h"

namespace sodality::cli {
namespace {

constexpr char kSeeProgress[] = "how far it is: sodality keys status";

absl::StatusOr<ExitCode> ShowStatus(const Arguments& /*arguments*/,
                                    Session& session) {
  const auto client = session.Connected();
  if (!client.ok()) return client.status();
  const auto keys = client->ListKeys();
  if (!keys.ok()) return keys.status();
  session.Print(session.options().json ? KeysJson(*keys)
                                       : RenderKeys(*keys, session));
  if (keys->rotation && !keys->rotation->problem.empty()) {
    session.Warn("the rotation does not go on: " +
                 text::Printable(keys->rotation->problem));
  }
  return ExitCode::kOk;
}

absl::Status CheckKind(const std::string& kind) {
  if (kind == "wrap") return absl::OkStatus();
  return MakeError(
      absl::StatusCode::kInvalidArgument,
      "only wrap keys can be rotated yet, not: " + text::Printable(kind),
      {.reason = "INVALID_VALUE", .hint = "sodality keys rotate wrap"});
}

// Once it is begun, no failure here ends it.
absl::Status GoesOn(absl::Status status) {
  ErrorInfo info = GetErrorInfo(status);
  absl::StrAppend(&info.hint, info.hint.empty() ? "" : "; ",
                  "the rotation was begun, and the server goes on with it: "
                  "sodality keys status");
  return WithErrorInfo(std::move(status), info);
}

// Until the rotation has ended. Streams end earlier, by their age or with the
// connection: each that told something may be followed by another.
absl::Status Await(const KeyRotation& begun, const Client& client,
                   Session& session) {
  Progress progress({.done = begun.done,
                     .total = begun.total,
                     .before = begun.done,
                     .unit = "records"},
                    session);
  std::string problem;
  bool told = false;
  const auto show = [&](const KeyRotation& now) {
    told = true;
    progress.Reach(now.done, now.total);
    if (now.problem != problem && !now.problem.empty()) {
      progress.Warn("the rotation does not go on: " +
                    text::Printable(now.problem));
    }
    problem = now.problem;
    return absl::OkStatus();
  };
  for (;;) {
    told = false;
    absl::Status status = client.WatchRotation(begun.id, show);
    if (status.ok()) return status;
    const bool broke_off =
        absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status);
    if (!told || !broke_off) return GoesOn(std::move(status));
  }
}

absl::StatusOr<ExitCode> Rotate(const Arguments& arguments, Session& session) {
  const std::string& kind = arguments.One("KIND");
  const absl::Status known = CheckKind(kind);
  if (!known.ok()) return known;
  const auto client = session.Connected();
  if (!client.ok()) return client.status();
  const auto rotation = client->RotateKey(kind);
  if (!rotation.ok()) return rotation.status();
  const bool wait = arguments.Has("wait");
  if (wait) {
    const absl::Status ended = Await(*rotation, *client, session);
    if (!ended.ok()) return ended;
  }
  if (session.options().json) {
    session.Print(RotationJson({*rotation, /*finished=*/wait}));
    return ExitCode::kOk;
  }
  const std::string key = absl::StrCat(rotation->kind, "-", rotation->to);
  session.Print(wait ? "all records are under " + key + "\n"
                     : key +
                           " seals every write from now on; older records "
                           "are being brought under it\n");
  if (!wait) session.Hint(kSeeProgress);
  return ExitCode::kOk;
}

}  // namespace

CommandSpec KeysCommand() {
  CommandSpec status = {
      .name = "status",
      .summary = "versions of every key, and the rotation that runs",
      .details = "Shows facts about keys, never a key.",
      .examples = {},
      .options = {},
      .positionals = {},
      .subcommands = {},
      .handler = &ShowStatus};
  CommandSpec rotate = {
      .name = "rotate",
      .summary = "make a new version of a key and bring all records under it",
      .details =
          "The new version seals every write at once. The server brings older "
          "records under it while the directory is in use, and goes on after a "
          "restart by itself. One rotation runs at a time.",
      .examples = {"sodality keys rotate wrap --wait"},
      .options = {{"wait", "", "return when all records are under it",
                   Takes::kNothing}},
      .positionals = {{"KIND", "wrap; the others cannot be rotated yet"}},
      .subcommands = {},
      .handler = &Rotate};
  return {.name = "keys",
          .summary = "the server's own keys",
          .details = "For role admin.",
          .examples = {},
          .options = {},
          .positionals = {},
          .subcommands = {std::move(status), std::move(rotate)},
          .handler = nullptr};
}

}  // namespace sodality::cli
