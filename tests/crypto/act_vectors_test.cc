// The acts that several people sign, on the files of tests/vectors/act.
#include <gtest/gtest.h>

#include <string>

#include "crypto/act.h"
#include "crypto/signing.h"
#include "tests/crypto/hex.h"
#include "tests/vectors/format_suite.h"

namespace sodality::crypto {
namespace {

using vectors::Format;
using vectors::FormatTest;
using vectors::NameOf;
using vectors::Values;
using vectors::Vector;

absl::StatusOr<Values> RunAct(const Vector& vector) {
  const auto form = FromHex(vector.at("form"));
  const auto act = DecodeAct(form);
  if (!act.ok()) return act.status();
  const auto order = DecodeTrim(act->content);
  if (!order.ok()) return order.status();
  const PublicKey key{ArrayFromHex<32>(vector.at("public-key"))};
  const Signature signature{ArrayFromHex<64>(vector.at("signature"))};
  if (!VerifySignature(key, form, signature)) {
    return absl::PermissionDeniedError("not signed");
  }
  std::string destroyed;
  for (const Bytes16& id : order->destroyed) {
    destroyed += (destroyed.empty() ? "" : " ") + ToHex(id);
  }
  return Values{{"chapter", ToHex(act->chapter)},
                {"incarnation", ToHex(act->incarnation)},
                {"act", ToHex(act->id)},
                {"proposer", ToHex(act->proposer)},
                {"created", std::to_string(act->created.millis)},
                {"expires", std::to_string(act->expires.millis)},
                {"below", std::to_string(order->below)},
                {"destroyed", destroyed}};
}

INSTANTIATE_TEST_SUITE_P(
    Act, FormatTest,
    testing::Values(Format{.folder = "act",
                           .run = RunAct,
                           .bytes = "form",
                           .refusals = {absl::StatusCode::kInvalidArgument,
                                        absl::StatusCode::kFailedPrecondition,
                                        absl::StatusCode::kPermissionDenied}}),
    NameOf);

}  // namespace
}  // namespace sodality::crypto
