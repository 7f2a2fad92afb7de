#include "crypto/key.h"

#include <gtest/gtest.h>

#include <concepts>
#include <type_traits>
#include <utility>

#include "crypto/record.h"
#include "crypto/sealed_blob.h"
#include "tests/crypto/seeded_random.h"

namespace sodality::crypto {
namespace {

template <class K>
concept WrapsRecords = requires(const RecordContext& context, const K& key,
                                std::span<const FieldToSeal> fields) {
  SealRecord(context, {1, key}, fields, SystemRandom());
};
template <class K>
concept SealsBlobs = requires(const K& key) {
  BlobSealer(Versioned<K>{1, key}, "purpose");
};

TEST(KeyTest, EachDutyTakesItsOwnKeyOnly) {
  static_assert(WrapsRecords<WrapKey>);
  static_assert(!WrapsRecords<RecordKey>);
  static_assert(!WrapsRecords<StateKey>);
  static_assert(SealsBlobs<StateKey>);
  static_assert(SealsBlobs<MemberLedgerKey>);
  static_assert(!SealsBlobs<WrapKey>);
  static_assert(!SealsBlobs<IndexKey>);
}

TEST(KeyTest, CannotBeCopiedOrCompared) {
  static_assert(!std::is_copy_constructible_v<RecordKey>);
  static_assert(!std::is_copy_constructible_v<WrapKey>);
  static_assert(!std::equality_comparable<WrapKey>);
  static_assert(!std::is_default_constructible_v<WrapKey>);
}

TEST(KeyTest, ShortLivedKeysLieInTheObject) {
  static_assert(sizeof(RecordKey) == 32);
  static_assert(sizeof(MemberLedgerKey) == 32);
}

TEST(KeyTest, RefusesAWrongSize) {
  const std::array<uint8_t, 33> bytes{};
  EXPECT_TRUE(absl::IsInvalidArgument(RecordKey::FromBytes(bytes).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      WrapKey::FromBytes(std::span(bytes).first(31)).status()));
  EXPECT_TRUE(WrapKey::FromBytes(std::span(bytes).first(32)).ok());
}

TEST(KeyTest, TwoGeneratedKeysDiffer) {
  SeededRandom random(1);
  const WrapKey one = WrapKey::Generate(random);
  const WrapKey two = WrapKey::Generate(random);
  EXPECT_FALSE(one.Equals(two));
  EXPECT_TRUE(one.Equals(one.Clone()));
}

TEST(KeyTest, AMovedFromInlineKeyIsWiped) {
  SeededRandom random(1);
  RecordKey from = RecordKey::Generate(random);
  const RecordKey to = std::move(from);
  const RecordKey zero = RecordKey::CopyOf(Bytes32{});
  EXPECT_TRUE(from.Equals(zero));  // NOLINT(bugprone-use-after-move): promised.
  EXPECT_FALSE(to.Equals(zero));
}

}  // namespace
}  // namespace sodality::crypto
