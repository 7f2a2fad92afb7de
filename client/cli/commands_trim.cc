// keys trim: proposes that old versions of a key are destroyed.
#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "client/cli/commands.h"
#include "client/cli/propose.h"
#include "client/cli/session.h"
#include "client/cli/values.h"
#include "crypto/act.h"
#include "text/base32.h"
#include "text/utf8.h"

namespace sodality::cli {
namespace {

// Any there is: which may be trimmed is the server's to say.
absl::StatusOr<crypto::KeyKind> KindCalled(const std::string& name) {
  constexpr auto kLast = static_cast<uint8_t>(crypto::KeyKind::kCa);
  for (uint8_t kind = 1; kind <= kLast; ++kind) {
    if (crypto::KeyKindName(crypto::KeyKind{kind}) == name) {
      return crypto::KeyKind{kind};
    }
  }
  return MakeError(
      absl::StatusCode::kInvalidArgument,
      "there is no key of kind " + text::Printable(name) + " with versions",
      {.reason = "INVALID_VALUE",
       .hint = "those that can be trimmed: wrap, index, page"});
}

absl::StatusOr<crypto::TrimOrder> OrderOf(const Arguments& arguments) {
  crypto::TrimOrder order;
  const auto kind = KindCalled(arguments.One("KIND"));
  if (!kind.ok()) return kind.status();
  order.kind = *kind;
  const auto below =
      ParseNumber(arguments.One("below"),
                  {"--below", 1, std::numeric_limits<uint32_t>::max()});
  if (!below.ok()) return below.status();
  order.below = static_cast<uint32_t>(*below);
  for (const std::string& text : arguments.Many("destroyed")) {
    const auto id = ParseId("--destroyed", text);
    if (!id.ok()) return id.status();
    order.destroyed.push_back(*text::DecodeBase32(*id));
  }
  auto& ids = order.destroyed;
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  if (ids.size() > crypto::TrimOrder::kMostBackups) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     "--destroyed names at most 128 backups",
                     {.reason = "INVALID_VALUE"});
  }
  return order;
}

absl::StatusOr<ExitCode> Trim(const Arguments& arguments, Session& session) {
  const auto order = OrderOf(arguments);
  if (!order.ok()) return order.status();
  return Propose({crypto::ActKind::kTrimKeys, crypto::EncodeTrim(*order)},
                 arguments, session);
}

}  // namespace

CommandSpec TrimCommand() {
  return {
      .name = "trim",
      .summary = "propose to destroy old versions of a key for good",
      .details =
          "Nobody does it alone: this proposes it, exit 12, and prints the id "
          "with which another admin approves it (sodality approval approve). "
          "Where there is one admin, that one approves it 24 hours later. "
          "Refused while a record, a rotation or a kept backup needs the "
          "versions; --destroyed states which backups are destroyed, and is "
          "part of what the other one signs. The root key is rotated in the "
          "same act. Whoever kept an older copy of the keyring, or a backup, "
          "together with the root key of that time still opens it: what has to "
          "be destroyed by hand is said at the end.",
      .examples = {"sodality keys trim wrap --below 3"},
      .options = {{"below", "N", "the first version that stays", Takes::kOne,
                   /*required=*/true},
                  {"destroyed", "BACKUP",
                   "a backup that holds the versions, and is destroyed",
                   Takes::kSeveral},
                  {"yes", "", "propose it without asking", Takes::kNothing}},
      .positionals = {{"KIND", "wrap, index or page"}},
      .subcommands = {},
      .handler = &Trim};
}

}  // namespace sodality::cli
