// The formats of docs/formats-ledger.md on the files of tests/vectors, which a
// second implementation of that page made.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "crypto/keyring_codec.h"
#include "crypto/random.h"
#include "platform/clock.h"
#include "platform/file.h"
#include "server/core/ledger/entry_codec.h"
#include "server/core/ledger/ledger.h"
#include "server/core/ledger/segment.h"
#include "tests/crypto/hex.h"
#include "tests/scratch.h"
#include "tests/vectors/format_suite.h"

namespace sodality::core {
namespace {

using crypto::ArrayFromHex;
using crypto::FromHex;
using crypto::ToHex;
using vectors::Format;
using vectors::FormatTest;
using vectors::NameOf;
using vectors::Number;
using vectors::Values;
using vectors::Vector;

// Each keyring is opened once, and not again for every bit that is flipped.
std::shared_ptr<const crypto::Keyring> KeyringOf(const Vector& vector) {
  static std::map<std::string, std::shared_ptr<const crypto::Keyring>> opened;
  auto& keyring = opened[vector.at("plain")];
  if (keyring == nullptr) {
    keyring = std::make_shared<const crypto::Keyring>(
        crypto::KeyringCodec::Decode(FromHex(vector.at("plain"))).value());
  }
  return keyring;
}

std::unique_ptr<EntrySealer> SealerOf(const Vector& vector) {
  return EntrySealer::Create(KeyringOf(vector), crypto::SystemRandom()).value();
}

absl::StatusOr<Values> RunPart(const Vector& vector) {
  const auto key =
      crypto::MemberLedgerKey::FromBytes(FromHex(vector.at("member-key")))
          .value();
  Entry entry;
  entry.header.parts = {{{ArrayFromHex<16>(vector.at("tag"))},
                         1,
                         ArrayFromHex<32>(vector.at("commitment"))}};
  entry.sealed_parts = {FromHex(vector.at("sealed"))};
  const auto part = OpenMemberPart(entry, 0, key);
  if (!part.ok()) return part.status();
  std::string fields;
  for (const uint16_t field : part->fields) {
    fields += (fields.empty() ? "" : " ") + std::to_string(field);
  }
  return Values{{"tag", ToHex(MemberTag(key).bytes)},
                {"member", ToHex(part->member.bytes)},
                {"fields", fields}};
}

absl::StatusOr<Values> RunEntry(const Vector& vector) {
  const auto entry = SealerOf(vector)->Open(Number(vector, "number"),
                                            FromHex(vector.at("sealed")));
  if (!entry.ok()) return entry.status();
  std::string commitments;
  for (const auto& part : entry->header.parts) {
    commitments += ToHex(part.commitment);
  }
  return Values{{"header", ToHex(entry->canonical)},
                {"commitments", commitments},
                {"leaf", ToHex(entry->leaf)}};
}

absl::StatusOr<Values> RunDraft(const Vector& vector) {
  const auto draft = SealerOf(vector)->OpenDraft(FromHex(vector.at("sealed")));
  if (!draft.ok()) return draft.status();
  std::string parts;
  for (const MemberPart& part : draft->members) {
    const auto size = static_cast<uint32_t>(part.sealed.size());
    parts += ToHex(part.tag.bytes) + ToHex(part.commitment) +
             ToHex(crypto::LittleEndian(size)) + ToHex(part.sealed);
  }
  const GrantUse grant = draft->grant.value_or(GrantUse{});
  return Values{{"action", std::to_string(static_cast<int>(draft->action))},
                {"outcome", std::to_string(static_cast<int>(draft->outcome))},
                {"actor", ToHex(draft->actor.bytes)},
                {"device", ToHex(draft->device.bytes)},
                {"grant", ToHex(grant.id.bytes)},
                {"grant-version", std::to_string(grant.version)},
                {"subject", ToHex(draft->subject)},
                {"parts", parts}};
}

constexpr size_t kFileBytes = 4096;

// The files of a vector, in a folder of its own.
class LedgerFiles {
 public:
  explicit LedgerFiles(const Vector& vector) : keyring_(KeyringOf(vector)) {
    for (const auto& [name, digits] : vector) {
      if (name.starts_with("segment-")) {
        Put(Number({{"n", name.substr(8)}}, "n"), FromHex(digits));
      }
    }
  }
  // Goes on with zeros to the size that a segment is preallocated to.
  void Put(uint64_t name, store::Bytes bytes) {
    bytes.resize(kFileBytes);
    folder_.Write(Segment::Name(name), crypto::AsText(bytes));
  }
  absl::StatusOr<Values> Open() {
    const auto ledger = Ledger::Open({.folder = folder_.path(),
                                      .fs = platform::PosixFileSystem(),
                                      .clock = clock_,
                                      .segment_bytes = kFileBytes},
                                     keyring_, /*create=*/false);
    if (!ledger.ok()) return ledger.status();
    const Head head = (*ledger)->head();
    Values values{{"head-number", std::to_string(head.number)},
                  {"head-leaf", ToHex(head.leaf)}};
    for (uint64_t n = 1; n <= head.number; ++n) {
      const auto entry = (*ledger)->Read(n);
      if (!entry.ok()) return entry.status();
      values["entry-" + std::to_string(n)] = ToHex(entry->canonical);
    }
    return values;
  }

 private:
  const Scratch folder_{Scratch::On::kMemory};
  const platform::FakeClock clock_{Timestamp{1'790'000'000'000}};
  const std::shared_ptr<const crypto::Keyring> keyring_;
};

absl::StatusOr<Values> RunSegment(const Vector& vector) {
  return LedgerFiles(vector).Open();
}

INSTANTIATE_TEST_SUITE_P(
    Ledger, FormatTest,
    testing::Values(
        Format{.folder = "ledger-part",
               .run = RunPart,
               .bytes = "sealed",
               .places = {"member-key", "tag", "commitment"}},
        Format{.folder = "ledger-entry",
               .run = RunEntry,
               .bytes = "sealed",
               .places = {"number"}},
        Format{.folder = "ledger-draft", .run = RunDraft, .bytes = "sealed"},
        Format{.folder = "ledger-segment", .run = RunSegment}),
    NameOf);

// Three groups: of 1, 2 and 1 entries.
class SegmentBytesTest : public testing::Test {
 protected:
  SegmentBytesTest()
      : vector_(vectors::ReadVector(SODALITY_VECTORS "/ledger-segment/ok.txt")),
        good_(FromHex(vector_.at("segment-1"))),
        whole_(files_.Open().value()) {}

  // Where entry `number` is the first of a group.
  size_t GroupOf(uint8_t number) const {
    const store::Bytes first = {number, 0, 0, 0, 0, 0, 0, 0};
    for (size_t at = kBlock; at < good_.size(); at += kBlock) {
      const auto bytes = std::span(good_).subspan(at);
      if (crypto::AsText(bytes).starts_with("SLG1") &&
          std::equal(first.begin(), first.end(), bytes.begin() + 16)) {
        return at;
      }
    }
    ADD_FAILURE() << "no group begins with entry " << int{number};
    return 0;
  }
  absl::StatusOr<Values> Open(const store::Bytes& bytes) {
    files_.Put(1, bytes);
    return files_.Open();
  }

  const Vector vector_;
  LedgerFiles files_{vector_};
  const store::Bytes good_;
  const Values whole_;
};

// In the last group it is a torn append, else refused by name; a difference
// in the zeros between groups is none.
TEST_F(SegmentBytesTest, EveryFlippedBitIsRefusedOrTornOrChangesNothing) {
  const size_t last = GroupOf(4);
  size_t refused = 0;
  for (size_t at = 0; at < good_.size(); ++at) {
    SCOPED_TRACE(at);
    for (const int mask : {0x01, 0x80}) {
      store::Bytes flipped = good_;
      flipped[at] = static_cast<uint8_t>(flipped[at] ^ mask);
      const auto values = Open(flipped);
      if (!values.ok()) {
        EXPECT_TRUE(absl::IsDataLoss(values.status()) ||
                    absl::IsFailedPrecondition(values.status()))
            << values.status();
        ++refused;
      } else if (at < last) {
        EXPECT_EQ(*values, whole_);
      } else {
        EXPECT_EQ(values->at("head-number"), "3");
        EXPECT_EQ(values->at("entry-3"), whole_.at("entry-3"));
      }
    }
  }
  EXPECT_GT(refused, 2 * 1100u);
}

// However much of the end never reached the disk, whole groups stay.
TEST_F(SegmentBytesTest, ZerosFromAnywhereOnLeaveWholeGroups) {
  for (size_t size = 0; size < good_.size(); ++size) {
    SCOPED_TRACE(size);
    const store::Bytes cut(good_.begin(),
                           good_.begin() + static_cast<std::ptrdiff_t>(size));
    const auto values = Open(cut);
    if (!values.ok()) {
      EXPECT_LT(size, 16u) << values.status();  // The file's own header.
      EXPECT_TRUE(absl::IsDataLoss(values.status()));
      continue;
    }
    const char* head = size < GroupOf(4) ? "3" : "4";
    if (size < GroupOf(2)) head = "1";
    if (values->at("head-number") == head) continue;
    EXPECT_LT(values->at("head-number"), std::string(head));
  }
}

// An entry of one place of the ledger in every other place.
TEST_F(SegmentBytesTest, AnEntryOpensAtItsOwnNumberAlone) {
  const auto sealer = SealerOf(vector_);
  const auto entry =
      vectors::ReadVector(SODALITY_VECTORS "/ledger-entry/ok.txt");
  for (uint64_t number = 0; number < 6; ++number) {
    EXPECT_EQ(sealer->Open(number, FromHex(entry.at("sealed"))).ok(),
              number == 2);
  }
}

}  // namespace
}  // namespace sodality::core
