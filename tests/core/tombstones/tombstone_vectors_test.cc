// The file of tombstones, on the files of tests/vectors, which a second
// implementation of docs/formats-backup.md made.
#include <gtest/gtest.h>

#include <string>

#include "crypto/keyring_codec.h"
#include "server/core/tombstones/tombstone_file.h"
#include "tests/crypto/hex.h"
#include "tests/vectors/format_suite.h"

namespace sodality::core {
namespace {

using vectors::Format;
using vectors::FormatTest;
using vectors::Values;
using vectors::Vector;

absl::StatusOr<Values> RunTombstones(const Vector& vector) {
  const auto keyring =
      crypto::KeyringCodec::Decode(crypto::FromHex(vector.at("plain")));
  if (!keyring.ok()) return keyring.status();
  const auto content = TombstoneCodec::Create(*keyring)->Read(
      crypto::FromHex(vector.at("tombstones")));
  if (!content.ok()) return content.status();
  std::string entries;
  for (const TombstoneEntry& entry : content->entries) {
    if (!entries.empty()) entries += ' ';
    entries += "@" + std::to_string(entry.time.millis);
    for (const Tombstone& one : entry.ended) {
      entries += " " + std::to_string(static_cast<int>(one.kind)) + "/" +
                 crypto::ToHex(one.id);
    }
  }
  return Values{{"entries", entries},
                {"torn", std::to_string(content->torn_bytes)}};
}

// Which flipped bits are noticed, and how, is in tombstone_file_test.cc.
INSTANTIATE_TEST_SUITE_P(Tombstones, FormatTest,
                         testing::Values(Format{.folder = "tombstones",
                                                .run = RunTombstones}),
                         [](const auto&) { return std::string("tombstones"); });

}  // namespace
}  // namespace sodality::core
