// What a device keeps, on the files of tests/vectors, which a second
// implementation of docs/formats-pki.md made.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

#include "client/profile/key_file.h"
#include "client/profile/profile_info.h"
#include "client/profile/remembered.h"
#include "crypto/secret.h"
#include "tests/crypto/hex.h"
#include "tests/vectors/format_suite.h"

namespace sodality {
namespace {

using vectors::Format;
using vectors::FormatTest;
using vectors::NameOf;
using vectors::Values;
using vectors::Vector;

absl::StatusOr<Values> RunRemember(const Vector& vector) {
  const auto bytes = crypto::FromHex(vector.at("remember"));
  const auto parsed = ParseRemembered(crypto::AsText(bytes));
  if (!parsed.ok()) return parsed.status();
  EXPECT_EQ(FormatRemembered(*parsed), crypto::AsText(bytes));
  Values values{{"revision", std::to_string(parsed->revision)},
                {"ledger-number", std::to_string(parsed->ledger_number)},
                {"ledger-leaf", crypto::ToHex(parsed->ledger_leaf)},
                {"ledger-key", crypto::ToHex(parsed->ledger_key)}};
  if (parsed->incarnation == ChapterLife{}) return values;
  values["incarnation"] = crypto::ToHex(parsed->incarnation);
  for (const ChapterLife& one : parsed->former) {
    std::string& former = values["former"];
    former += (former.empty() ? "" : " ") + crypto::ToHex(one);
  }
  return values;
}

absl::StatusOr<Values> RunProfile(const Vector& vector) {
  const auto bytes = crypto::FromHex(vector.at("profile"));
  const auto info = ParseProfileInfo(crypto::AsText(bytes));
  if (!info.ok()) return info.status();
  const auto again = ParseProfileInfo(FormatProfileInfo(*info));
  EXPECT_EQ(again->principal_name, info->principal_name);
  return Values{{"address", info->address},
                {"chapter_id", info->chapter_id},
                {"chapter_name", info->chapter_name},
                {"server_name", info->server_name},
                {"device_id", info->device_id},
                {"principal_name", info->principal_name}};
}

absl::StatusOr<Values> RunKey(const Vector& vector) {
  const auto content =
      crypto::SecretBuffer::CopyOf(crypto::FromHex(vector.at("file")));
  const auto key =
      OpenKey(content, [&]() -> absl::StatusOr<crypto::SecretBytes> {
        return crypto::SecretText(vector.at("passphrase"));
      });
  if (!key.ok()) return key.status();
  return Values{{"public-key", crypto::ToHex(key->public_key().spki_der())}};
}

// Argon2id's costs are passphrase_box's own to test: vectors_test.cc.
bool SameCosts(std::span<const uint8_t> file) {
  constexpr std::array<uint8_t, 8> kCosts = {2, 0, 0, 0, 128, 0, 0, 0};
  return file.size() < 10 || file[0] == '-' ||
         std::equal(kCosts.begin(), kCosts.end(), file.begin() + 2);
}

// Bits of `remember` are flipped in remembered_test.cc: another digit is
// another head, which only the server can tell.
INSTANTIATE_TEST_SUITE_P(
    Profile, FormatTest,
    testing::Values(Format{.folder = "profile", .run = RunProfile},
                    Format{.folder = "remember", .run = RunRemember},
                    Format{.folder = "device-key",
                           .run = RunKey,
                           .bytes = "file",
                           .refusals = {absl::StatusCode::kDataLoss,
                                        absl::StatusCode::kFailedPrecondition,
                                        absl::StatusCode::kPermissionDenied},
                           .affordable = SameCosts}),
    NameOf);

}  // namespace
}  // namespace sodality
