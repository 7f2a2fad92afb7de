// keys shares: what the holder of a share of the root key can check alone.
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/json.h"
#include "client/cli/named_file.h"
#include "client/cli/session.h"
#include "client/cli/table.h"
#include "crypto/secret.h"
#include "crypto/share.h"
#include "platform/file.h"
#include "platform/file_error.h"
#include "text/base32.h"
#include "text/utf8.h"

namespace sodality::cli {
namespace {

constexpr char kAskAgain[] =
    "ask whoever made the shares for it again, or type it anew from paper";

absl::StatusOr<crypto::SecretBytes> ReadShareText(const std::string& path) {
  auto bytes = platform::ReadFile(platform::PosixFileSystem(), path,
                                  crypto::kMaxShareText);
  if (!bytes.ok()) {
    const int error = platform::ErrnoOf(bytes.status());
    if (error != 0) return CannotRead(path, error);
    return absl::InvalidArgumentError("the file is too large for a share");
  }
  auto text = crypto::SecretBytes::CopyOf(*bytes);
  crypto::Wipe(*bytes);
  return text;
}

absl::Status OfFile(const std::string& path, const absl::Status& status) {
  // Not one that is about reading, which names the path itself.
  if (!GetErrorInfo(status).reason.empty()) return status;
  return MakeError(absl::StatusCode::kInvalidArgument,
                   absl::StrCat(text::Printable(path), ": ", status.message()),
                   {.reason = "BAD_FILE", .hint = kAskAgain});
}

std::string Describe(const crypto::ShareInfo& info) {
  return RenderLines(
      {{"share", absl::StrCat(info.index, " of ", info.set.count, "; any ",
                              info.set.threshold, " open the root key")},
       {"chapter", text::EncodeBase32(info.chapter)},
       {"set", text::EncodeBase32(info.set.id)},
       {"check", "whole, and fits its commitments"}},
      "");
}

absl::StatusOr<ExitCode> Verify(const Arguments& arguments, Session& session) {
  const std::string& path = arguments.One("FILE");
  const auto text = ReadShareText(path);
  if (!text.ok()) return OfFile(path, text.status());
  const auto share = crypto::DecodeShare(*text);
  if (!share.ok()) return OfFile(path, share.status());
  if (session.options().json) {
    session.Print(ShareJson(share->info()));
    return ExitCode::kOk;
  }
  session.Print(Describe(share->info()));
  session.Hint("the set must be the same on all holders' shares: compare it");
  return ExitCode::kOk;
}

}  // namespace

CommandSpec SharesCommand() {
  CommandSpec verify = {
      .name = "verify",
      .summary = "check a share of the root key, without a server",
      .details =
          "For whoever holds one: says of which chapter and set it is, how "
          "many "
          "open, and whether it fits the commitments that it came with. A "
          "share that does not was mistyped, changed or forged. Prints nothing "
          "that is secret.",
      .examples = {"sodality keys shares verify share-2-of-5.txt"},
      .options = {},
      .positionals = {{"FILE", "the share"}},
      .subcommands = {},
      .handler = &Verify};
  return {.name = "shares",
          .summary = "shares of the root key",
          .details = "",
          .examples = {},
          .options = {},
          .positionals = {},
          .subcommands = {std::move(verify)},
          .handler = nullptr};
}

}  // namespace sodality::cli
