#include "crypto/sealed_blob.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/crypto/hex.h"
#include "tests/crypto/seeded_random.h"

namespace sodality::crypto {
namespace {

class SealedBlobTest : public testing::Test {
 protected:
  SeededRandom random_{5};
  const StateKey key_ = StateKey::Generate(random_);
  const Bytes16 chapter_ = RandomId(random_);
  const RowSealer rows_{chapter_, {3, key_}};
  const RowPlace place_{4, RandomId(random_), 12};
};

TEST_F(SealedBlobTest, ARowOpensAtItsPlace) {
  const auto row = rows_.Seal(place_, SecretText("grant"), random_);
  ASSERT_TRUE(row.ok());
  EXPECT_EQ(row->size(), kBlobOverhead + 16);
  EXPECT_EQ(Reveal(*rows_.Open(place_, *row)), "grant");
  EXPECT_EQ(BlobKeyVersion(*row).value(), 3u);
}

TEST_F(SealedBlobTest, ARowMovedElsewhereDoesNotOpen) {
  const auto row = rows_.Seal(place_, SecretText("grant"), random_);
  RowPlace other_table = place_;
  other_table.table_id = 5;
  RowPlace other_row = place_;
  other_row.row_id[3] ^= 1;
  RowPlace older = place_;
  older.row_version = 11;
  for (const RowPlace& moved : {other_table, other_row, older}) {
    const auto status = rows_.Open(moved, *row).status();
    EXPECT_EQ(status, absl::DataLossError("the sealed value does not open"));
  }
  Bytes16 other_chapter = chapter_;
  other_chapter[0] ^= 1;
  EXPECT_TRUE(absl::IsDataLoss(
      RowSealer(other_chapter, {3, key_}).Open(place_, *row).status()));
}

TEST_F(SealedBlobTest, EveryFlippedBitIsRefused) {
  const auto good = rows_.Seal(place_, SecretText("grant"), random_);
  for (size_t i = 0; i < good->size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::vector<uint8_t> bad = *good;
      bad[i] = static_cast<uint8_t>(bad[i] ^ (1 << bit));
      EXPECT_FALSE(rows_.Open(place_, bad).ok()) << i << "." << bit;
    }
  }
}

TEST_F(SealedBlobTest, EveryTruncationAndAnAppendedByteAreRefused) {
  auto bytes = rows_.Seal(place_, SecretText("grant"), random_).value();
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_TRUE(absl::IsDataLoss(
        rows_.Open(place_, std::span(bytes).first(size)).status()))
        << size;
  }
  bytes.push_back(0);
  EXPECT_TRUE(absl::IsDataLoss(rows_.Open(place_, bytes).status()));
}

TEST_F(SealedBlobTest, AnotherKeyOrPurposeDoesNotOpen) {
  const AssociatedData bound_to("test/1");
  const BlobSealer sealer({3, key_}, "digest");
  const auto blob = sealer.Seal(bound_to, SecretText("head"), random_);
  EXPECT_EQ(Reveal(*sealer.Open(bound_to, *blob)), "head");
  const StateKey other = StateKey::Generate(random_);
  EXPECT_TRUE(absl::IsDataLoss(
      BlobSealer({3, other}, "digest").Open(bound_to, *blob).status()));
  EXPECT_TRUE(absl::IsDataLoss(
      BlobSealer({3, key_}, "row").Open(bound_to, *blob).status()));
  EXPECT_TRUE(
      absl::IsDataLoss(sealer.Open(AssociatedData("test/2"), *blob).status()));
}

TEST_F(SealedBlobTest, AnotherKeyVersionIsRefusedByName) {
  const auto row = rows_.Seal(place_, SecretText("grant"), random_);
  const auto status =
      RowSealer(chapter_, {4, key_}).Open(place_, *row).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_EQ(status.message(), "the sealed value names key version 3, not 4");
}

TEST_F(SealedBlobTest, ANewerFormatIsRefusedByName) {
  auto row = rows_.Seal(place_, SecretText("grant"), random_).value();
  row[0] = 9;
  EXPECT_TRUE(absl::IsFailedPrecondition(rows_.Open(place_, row).status()));
}

TEST_F(SealedBlobTest, RefusesAValueAboveTheLimit) {
  const auto large = Plaintext::OfSize(kMaxBlobSize + 1);
  EXPECT_TRUE(
      absl::IsInvalidArgument(rows_.Seal(place_, large, random_).status()));
}

TEST_F(SealedBlobTest, AMembersPartIsUnreadableWithoutTheMembersKey) {
  const auto key = MemberLedgerKey::Generate(random_);
  const AssociatedData entry = AssociatedData("entry").AddU64(77);
  const auto blob = BlobSealer({1, key}, "ledger-member")
                        .Seal(entry, SecretText("phone"), random_);
  EXPECT_EQ(Reveal(*BlobSealer({1, key}, "ledger-member").Open(entry, *blob)),
            "phone");
  const auto other = MemberLedgerKey::Generate(random_);
  EXPECT_TRUE(absl::IsDataLoss(
      BlobSealer({1, other}, "ledger-member").Open(entry, *blob).status()));
}

}  // namespace
}  // namespace sodality::crypto
