// The invites of tests/vectors, which a second implementation of
// docs/formats-pki.md made.
#include <gtest/gtest.h>

#include <string>

#include "crypto/pki/digest.h"
#include "crypto/pki/invite_file.h"
#include "platform/clock.h"
#include "tests/crypto/hex.h"
#include "tests/vectors/format_suite.h"

namespace sodality::pki {
namespace {

using vectors::Format;
using vectors::FormatTest;
using vectors::NameOf;
using vectors::Values;
using vectors::Vector;

absl::StatusOr<Values> RunInvite(const Vector& vector) {
  const auto bytes = crypto::FromHex(vector.at("invite"));
  const auto invite = ParseInvite(crypto::SecretBytes::CopyOf(bytes));
  if (!invite.ok()) return invite.status();
  EXPECT_TRUE(
      SerializeInvite(*invite)->Equals(crypto::SecretBytes::CopyOf(bytes)));
  return Values{{"address", invite->address},
                {"chapter", invite->chapter_id()},
                {"server-name", invite->server_name()},
                {"name", invite->name},
                {"role", invite->role},
                {"expires", platform::FormatTimestamp(invite->expires())},
                {"ca-key-sha256",
                 ToHex(invite->authority.public_key().spki_hash().bytes)}};
}

INSTANTIATE_TEST_SUITE_P(Pki, FormatTest,
                         testing::Values(Format{
                             .folder = "invite",
                             .run = RunInvite,
                             .bytes = "invite",
                             .refusals = {absl::StatusCode::kInvalidArgument}}),
                         NameOf);

}  // namespace
}  // namespace sodality::pki
