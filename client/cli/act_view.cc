#include "client/cli/act_view.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "client/cli/values.h"
#include "client/include/sodality/error_info.h"
#include "crypto/secret.h"
#include "platform/clock.h"
#include "text/base32.h"

namespace sodality::cli {
namespace {

absl::Status NotUnderstood() {
  return MakeError(
      absl::StatusCode::kFailedPrecondition,
      "this program does not understand what would happen",
      {.reason = "OTHER_ACT", .hint = "do not approve it with this version"});
}

std::vector<std::string> OfTrim(const crypto::TrimOrder& order) {
  const std::string kind(crypto::KeyKindName(order.kind));
  std::vector<std::string> lines = {
      absl::StrCat("every version of the ", kind, " key below ", order.below,
                   " is destroyed: what only they open is lost for good"),
      "the root key is rotated: the one of before opens nothing any more but "
      "older copies of the keyring"};
  for (const auto& backup : order.destroyed) {
    lines.push_back(absl::StrCat("the proposer states that backup ",
                                 text::EncodeBase32(backup), " is destroyed"));
  }
  return lines;
}

}  // namespace

absl::StatusOr<crypto::ActForm> ReadAct(const std::string& form) {
  auto act = crypto::DecodeAct(crypto::AsBytes(form));
  if (!act.ok() || !WhatHappens(*act).ok()) return NotUnderstood();
  return act;
}

absl::StatusOr<std::vector<std::string>> WhatHappens(
    const crypto::ActForm& act) {
  const auto order = crypto::DecodeTrim(act.content);
  if (act.kind != crypto::ActKind::kTrimKeys || !order.ok()) {
    return NotUnderstood();
  }
  return OfTrim(*order);
}

absl::StatusOr<std::vector<Line>> DescribeAct(const crypto::ActForm& act) {
  const auto happens = WhatHappens(act);
  if (!happens.ok()) return happens.status();
  std::vector<Line> lines = {{"act", text::EncodeBase32(act.id)}};
  for (const std::string& one : *happens) {
    lines.push_back({lines.size() == 1 ? "what" : "", one});
  }
  lines.push_back({"proposed by", text::EncodeBase32(act.proposer)});
  lines.push_back({"proposed", platform::FormatTimestamp(act.created)});
  lines.push_back({"expires", platform::FormatTimestamp(act.expires)});
  return lines;
}

std::string ByHand(const crypto::ActForm& act) {
  const auto order = crypto::DecodeTrim(act.content);
  const std::string kind(order.ok() ? crypto::KeyKindName(order->kind)
                                    : std::string_view("old"));
  return absl::StrCat(
      "destroy by hand, or they still open what was: every older copy of the "
      "file keyring; every copy of the root key of before, and its shares; "
      "every backup that the ledger lists (BACK_UP) from before this version "
      "of the ",
      kind, " key");
}

std::string Standing(const PendingAct& act) {
  if (act.state != "pending") return act.state;
  if (act.alone_from.has_value()) {
    return absl::StrCat("waits until ", ShowTime(*act.alone_from),
                        " UTC: there is one admin");
  }
  return absl::StrCat(act.counted, " of ", act.needed, " approvals");
}

}  // namespace sodality::cli
