// What somebody who can write the database, and holds no key, can try.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "crypto/byte_codec.h"
#include "crypto/record.h"
#include "tests/crypto/record_fixture.h"

namespace sodality::crypto {
namespace {

constexpr size_t kFieldsStart = 8 + 24 + 48 + 32;
constexpr size_t kShortField = 46 + 16;  // A field in the smallest bucket.
constexpr char kMessage[] = "the record does not open";

class RecordAttackTest : public RecordFixture {
 protected:
  // Both values are in the smallest bucket, so they swap places bytewise.
  const Values short_{{2, "Nour"}, {9, "Bo"}};

  void ExpectRefused(const Record& bytes) {
    const auto reader = Open(bytes);
    ASSERT_FALSE(reader.ok());
    EXPECT_TRUE(absl::IsDataLoss(reader.status())) << reader.status();
  }
  static auto FieldAt(Record& bytes, size_t index) {
    return bytes.begin() +
           static_cast<std::ptrdiff_t>(kFieldsStart + index * kShortField);
  }
};

TEST_F(RecordAttackTest, EveryFlippedBitOfARecordIsRefused) {
  const Record good = Seal(short_);
  for (size_t i = 0; i < good.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      Record bad = good;
      bad[i] = static_cast<uint8_t>(bad[i] ^ (1 << bit));
      const auto reader = Open(bad);
      if (!reader.ok()) continue;
      // What the record key does not cover, the field's own tag does.
      EXPECT_FALSE(reader->OpenField(2).ok() && reader->OpenField(9).ok())
          << "byte " << i << " bit " << bit;
    }
  }
}

TEST_F(RecordAttackTest, EveryTruncationIsRefusedBeforeAnythingIsOpened) {
  const Record good = Seal(short_);
  for (size_t size = 0; size < good.size(); ++size) {
    const Record cut(good.begin(),
                     good.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_TRUE(absl::IsDataLoss(SealedRecord::Parse(cut).status())) << size;
  }
}

TEST_F(RecordAttackTest, AppendedBytesAreRefused) {
  Record bytes = Seal(short_);
  bytes.push_back(0);
  EXPECT_TRUE(absl::IsDataLoss(SealedRecord::Parse(bytes).status()));
}

TEST_F(RecordAttackTest, DoesNotOpenElsewhereAndTheMessageIsAlwaysTheSame) {
  const Record bytes = Seal(short_);
  RecordContext other_chapter = context_;
  other_chapter.chapter_id[0] ^= 1;
  RecordContext other_member = context_;
  other_member.member_id[15] ^= 1;
  RecordContext older = context_;
  older.revision = 2;
  RecordContext newer = context_;
  newer.revision = 4;
  for (const RecordContext& moved :
       {other_chapter, other_member, older, newer}) {
    const auto status = Open(bytes, wrap_, moved).status();
    EXPECT_TRUE(absl::IsDataLoss(status));
    EXPECT_EQ(status.message(), kMessage);
  }
  const auto status =
      Open(bytes, WrapKey::Generate(random_), context_).status();
  EXPECT_TRUE(absl::IsDataLoss(status));
  EXPECT_EQ(status.message(), kMessage);
}

TEST_F(RecordAttackTest, DoesNotOpenUnderAnotherVersionNumberOfTheSameKey) {
  Record bytes = Seal(short_);
  bytes[2] = 8;  // Wrap-key version 7 becomes 8.
  ASSERT_EQ(SealedRecord::Parse(bytes)->wrap_key_version(), 8u);
  ExpectRefused(bytes);
}

TEST_F(RecordAttackTest, ADroppedFieldIsNoticed) {
  Record bytes = Seal(short_);
  bytes.erase(FieldAt(bytes, 1), bytes.end());
  bytes[6] = 1;  // The field count follows suit.
  ASSERT_TRUE(SealedRecord::Parse(bytes).ok());
  ExpectRefused(bytes);
}

TEST_F(RecordAttackTest, AFieldUnderAnothersIdDoesNotOpen) {
  Record bytes = Seal(short_);
  // Everything behind id and length changes places.
  std::swap_ranges(FieldAt(bytes, 0) + 6, FieldAt(bytes, 1),
                   FieldAt(bytes, 1) + 6);
  const auto reader = Open(bytes);
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(reader->OpenField(2).status(), absl::DataLossError(kMessage));
  EXPECT_EQ(reader->OpenField(9).status(), absl::DataLossError(kMessage));
}

TEST_F(RecordAttackTest, ARenamedFieldIsNoticed) {
  Record bytes = Seal(short_);
  *FieldAt(bytes, 0) = 3;
  ASSERT_TRUE(SealedRecord::Parse(bytes).ok());
  ExpectRefused(bytes);
}

TEST_F(RecordAttackTest, AnOldFieldInANewerRecordDoesNotOpen) {
  RecordContext older = context_;
  older.revision = 2;
  Record old = Seal(older, {{2, "OldName"}, {9, "Bo"}});
  Record bytes = Seal(short_);
  std::copy(FieldAt(old, 0), FieldAt(old, 1), FieldAt(bytes, 0));
  const auto reader = Open(bytes);
  ASSERT_TRUE(reader.ok());
  EXPECT_TRUE(absl::IsDataLoss(reader->OpenField(2).status()));
  EXPECT_EQ(Reveal(*reader->OpenField(9)), "Bo");
}

TEST_F(RecordAttackTest, AnotherRecordsWrappedKeyIsNoticed) {
  const Record other = Seal({{2, "Other"}, {9, "xx"}});
  Record bytes = Seal(short_);
  std::copy_n(other.begin() + 8, 24 + 48 + 32, bytes.begin() + 8);
  const auto reader = Open(bytes);  // Same context and directory: it unwraps,
  ASSERT_TRUE(reader.ok());         // and no field opens under that key.
  EXPECT_TRUE(absl::IsDataLoss(reader->OpenField(2).status()));
}

TEST_F(RecordAttackTest, AWrongCommitmentIsRefusedBeforeAnyField) {
  const Record good = Seal(short_);
  for (size_t i = 8 + 24 + 48; i < kFieldsStart; ++i) {
    Record bad = good;
    bad[i] ^= 0x10;
    ExpectRefused(bad);
  }
}

TEST_F(RecordAttackTest, FieldsOutOfOrderOrTwiceAreNoRecord) {
  Record swapped = Seal(short_);
  std::swap_ranges(FieldAt(swapped, 0), FieldAt(swapped, 1),
                   FieldAt(swapped, 1));
  EXPECT_TRUE(absl::IsDataLoss(SealedRecord::Parse(swapped).status()));
  Record twice = Seal(short_);
  std::copy(FieldAt(twice, 0), FieldAt(twice, 1), FieldAt(twice, 1));
  EXPECT_TRUE(absl::IsDataLoss(SealedRecord::Parse(twice).status()));
}

TEST_F(RecordAttackTest, ANewerFormatIsRefusedByName) {
  Record bytes = Seal(short_);
  bytes[0] = 2;
  auto status = SealedRecord::Parse(bytes).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_EQ(status.message(),
            "record format 2.1 is unknown (newer than this program?)");
  bytes[0] = 1;
  bytes[1] = 2;
  EXPECT_TRUE(absl::IsFailedPrecondition(SealedRecord::Parse(bytes).status()));
}

TEST_F(RecordAttackTest, AnAbsurdLengthOrCountIsNoRecord) {
  Record length = Seal(short_);
  std::fill_n(FieldAt(length, 0) + 2, 4, uint8_t{0xff});
  EXPECT_TRUE(absl::IsDataLoss(SealedRecord::Parse(length).status()));
  Record count = Seal(short_);
  count[6] = count[7] = 0xff;
  EXPECT_TRUE(absl::IsDataLoss(SealedRecord::Parse(count).status()));
}

}  // namespace
}  // namespace sodality::crypto
