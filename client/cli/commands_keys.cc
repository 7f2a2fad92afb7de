// keys: which keys the server has, a new version of one, and every record
// sealed anew.
#include <algorithm>
#include <span>
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

constexpr std::string_view kKinds[] = {"wrap", "index", "page", "root"};
constexpr std::string_view kKindsToCome[] = {"ledger", "ledger-sign", "state",
                                             "lease",  "suppression", "ca"};

[[nodiscard]] bool IsAmong(std::span<const std::string_view> kinds,
                           std::string_view kind) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

absl::Status CheckKind(const std::string& kind) {
  if (IsAmong(kKinds, kind)) return absl::OkStatus();
  return MakeError(absl::StatusCode::kInvalidArgument,
                   IsAmong(kKindsToCome, kind)
                       ? "the " + kind + " key cannot be rotated yet"
                       : "there is no key of kind " + text::Printable(kind),
                   {.reason = "INVALID_VALUE",
                    .hint = "those that can be: wrap, index, page, root"});
}

// Once it is begun, no failure here ends it.
absl::Status GoesOn(absl::Status status) {
  ErrorInfo info = GetErrorInfo(status);
  absl::StrAppend(&info.hint, info.hint.empty() ? "" : "; ",
                  "the rotation was begun, and the server goes on with it: "
                  "sodality keys status");
  return WithErrorInfo(std::move(status), info);
}

// The server lost the new key before it could take the old one's place.
absl::Status GivenUp(const KeyRotation& rotation) {
  return MakeError(absl::StatusCode::kAborted,
                   "the rotation of the " + text::Printable(rotation.kind) +
                       " key was given up: the new key was lost, and the old "
                       "one serves on",
                   {.reason = "ROTATION_GIVEN_UP",
                    .hint = "when the server's operator has looked after it, "
                            "begin again"});
}

// Until the rotation has ended. Streams end earlier, by their age or with the
// connection: each that told something may be followed by another.
absl::Status Await(const KeyRotation& begun, const Client& client,
                   Session& session) {
  Progress progress({.done = begun.done,
                     .total = begun.total,
                     .before = begun.done,
                     .unit = CountedBy(begun)},
                    session);
  std::string problem;
  bool told = false;
  bool given_up = false;
  const auto show = [&](const KeyRotation& now) {
    told = true;
    given_up = now.given_up;
    if (given_up) return absl::OkStatus();
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
    if (status.ok()) return given_up ? GivenUp(begun) : status;
    const bool broke_off =
        absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status);
    if (!told || !broke_off) return GoesOn(std::move(status));
  }
}

// Waits for what was begun when it was asked for, and says what is so now.
absl::StatusOr<ExitCode> Follow(const KeyRotation& rotation,
                                const Client& client,
                                const Arguments& arguments, Session& session) {
  if (rotation.given_up) return GivenUp(rotation);
  const bool wait = arguments.Has("wait");
  if (wait) {
    const absl::Status ended = Await(rotation, client, session);
    if (!ended.ok()) return ended;
  }
  const RotationReport report = {rotation, /*finished=*/wait};
  if (session.options().json) {
    session.Print(RotationJson(report));
    return ExitCode::kOk;
  }
  session.Print(RenderReport(report));
  if (!wait) session.Hint(kSeeProgress);
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> Rotate(const Arguments& arguments, Session& session) {
  const std::string& kind = arguments.One("KIND");
  const absl::Status known = CheckKind(kind);
  if (!known.ok()) return known;
  const auto client = session.Connected();
  if (!client.ok()) return client.status();
  const auto rotation = client->RotateKey(kind);
  if (!rotation.ok()) return rotation.status();
  return Follow(*rotation, *client, arguments, session);
}

absl::StatusOr<ExitCode> Reencrypt(const Arguments& arguments,
                                   Session& session) {
  const auto client = session.Connected();
  if (!client.ok()) return client.status();
  const auto rotation = client->Reencrypt();
  if (!rotation.ok()) return rotation.status();
  return Follow(*rotation, *client, arguments, session);
}

CommandSpec KeyStatusCommand() {
  return {.name = "status",
          .summary = "versions of every key, and the rotation that runs",
          .details = "Shows facts about keys, never a key.",
          .examples = {},
          .options = {},
          .positionals = {},
          .subcommands = {},
          .handler = &ShowStatus};
}

CommandSpec RotateCommand() {
  return {
      .name = "rotate",
      .summary = "make a new version of a key and bring all records under it",
      .details =
          "wrap is the key around each record's own key: replace it as a "
          "matter of routine, and when officers change. index is the key of "
          "the search tokens: replace it when somebody may have it, who could "
          "tell by it who stands in a copy of the database. page is the key "
          "around the database's file, which hides what is there without the "
          "other keys: ids, tokens and sizes; the file is copied, and the copy "
          "takes its place, for which the disk has to hold both. root is the "
          "key that opens all others: the server writes its --root-key file "
          "anew, or, unsealed in another way, a file of its --new-root-key, "
          "and from then on the old one opens nothing but older copies of the "
          "keyring. Where a wrap "
          "key may have leaked together with data, sodality keys reencrypt is "
          "what helps. The new version serves every write at once (page: when "
          "the copy is whole). The server "
          "brings older records under it while the directory is in use, "
          "everybody is found all the time, and it goes on after a restart by "
          "itself. One rotation runs at a time. Old versions stay, for older "
          "backups: who has an old key and a copy of the data from its time "
          "still reads that copy.",
      .examples = {"sodality keys rotate wrap --wait",
                   "sodality keys rotate index --wait",
                   "sodality keys rotate page --wait",
                   "sodality keys rotate root --wait"},
      .options = {{"wait", "", "return when all records are under it",
                   Takes::kNothing}},
      .positionals = {{"KIND",
                       "wrap, index, page or root; the others cannot be "
                       "rotated yet"}},
      .subcommands = {},
      .handler = &Rotate};
}

CommandSpec ReencryptCommand() {
  return {
      .name = "reencrypt",
      .summary = "seal every record anew, each under a fresh key",
      .details =
          "For when a key may have leaked: a new wrap key, and under it a new "
          "key for every record, so that none opens with an old one any more. "
          "It does not help against whoever took keys and data together: that "
          "copy, and older backups, stay readable to them. For a mere change "
          "of officers sodality keys rotate wrap does, and is quicker. Works "
          "while the directory is in use, and goes on after a restart by "
          "itself. One rotation runs at a time.",
      .examples = {"sodality keys reencrypt --wait"},
      .options = {{"wait", "", "return when all records are sealed anew",
                   Takes::kNothing}},
      .positionals = {},
      .subcommands = {},
      .handler = &Reencrypt};
}

}  // namespace

CommandSpec KeysCommand() {
  return {
      .name = "keys",
      .summary = "the server's own keys",
      .details = "For role admin; `shares verify` is for whoever holds one.",
      .examples = {},
      .options = {},
      .positionals = {},
      .subcommands = {KeyStatusCommand(), RotateCommand(), ReencryptCommand(),
                      TrimCommand(), SharesCommand()},
      .handler = nullptr};
}

}  // namespace sodality::cli
