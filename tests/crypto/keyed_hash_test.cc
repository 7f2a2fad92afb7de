#include "crypto/keyed_hash.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <vector>

#include "crypto/byte_codec.h"
#include "tests/crypto/hex.h"
#include "tests/crypto/seeded_random.h"

namespace sodality::crypto {
namespace {

TEST(KeyedHashTest, KeyDomainAndPartsAllMatter) {
  const auto key = SuppressionKey::CopyOf(Bytes32{1});
  const auto other = SuppressionKey::CopyOf(Bytes32{2});
  const auto input = AssociatedData("d").AddText("x");
  const Bytes32 hash = KeyedHash32(key, input);
  EXPECT_EQ(hash, KeyedHash32(key, AssociatedData("d").AddText("x")));
  EXPECT_NE(hash, KeyedHash32(other, input));
  EXPECT_NE(hash, KeyedHash32(key, AssociatedData("e").AddText("x")));
  EXPECT_NE(hash, KeyedHash32(key, AssociatedData("d").AddText("y")));
}

TEST(KeyedHashTest, ATagIsNoPrefixOfTheLongerHash) {
  const auto key = SuppressionKey::CopyOf(Bytes32{1});
  const AssociatedData input("d");
  const Bytes16 tag = KeyedHash16(key, input);
  const Bytes32 hash = KeyedHash32(key, input);
  EXPECT_FALSE(std::equal(tag.begin(), tag.end(), hash.begin()));
}

TEST(CommittingKeysTest, TheHalvesDifferAndDependOnTheDomain) {
  const auto one = DeriveCommittingKeys(Bytes32{1}, "a");
  const auto two = DeriveCommittingKeys(Bytes32{1}, "b");
  EXPECT_FALSE(one.commit.Equals(one.seal));
  EXPECT_FALSE(one.seal.Equals(two.seal));
  EXPECT_TRUE(one.seal.Equals(DeriveCommittingKeys(Bytes32{1}, "a").seal));
}

TEST(RowDigesterTest, TableRowVersionAndKeyAllMatter) {
  const RowDigester digester(StateKey::CopyOf(Bytes32{1}));
  const Bytes32 digest = digester.Digest(1, Bytes16{2}, 3);
  EXPECT_EQ(digest, digester.Digest(1, Bytes16{2}, 3));
  EXPECT_NE(digest, digester.Digest(2, Bytes16{2}, 3));
  EXPECT_NE(digest, digester.Digest(1, Bytes16{3}, 3));
  EXPECT_NE(digest, digester.Digest(1, Bytes16{2}, 4));
  EXPECT_NE(digest,
            RowDigester(StateKey::CopyOf(Bytes32{9})).Digest(1, Bytes16{2}, 3));
}

RC_GTEST_PROP(DigestAccumulatorProperty, OrderDoesNotMatterAndRemovingUndoes,
              (std::vector<uint64_t> rows)) {
  const RowDigester digester(StateKey::CopyOf(Bytes32{1}));
  const auto digest = [&](uint64_t row) {
    return digester.Digest(1, Bytes16{}, row);
  };
  DigestAccumulator forward;
  for (const uint64_t row : rows) forward.Toggle(digest(row));
  DigestAccumulator backward;
  std::reverse(rows.begin(), rows.end());
  for (const uint64_t row : rows) backward.Toggle(digest(row));
  RC_ASSERT(forward == backward);
  for (const uint64_t row : rows) forward.Toggle(digest(row));
  RC_ASSERT(forward == DigestAccumulator{});
}

TEST(ByteReaderTest, OnceSomethingIsMissingNothingIsRead) {
  const std::vector<uint8_t> bytes = FromHex("0102030405");
  ByteReader in(bytes);
  EXPECT_EQ(in.Get<uint16_t>(), 0x0201);
  EXPECT_EQ(in.Get<uint32_t>(), 0u);
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(in.Get<uint8_t>(), 0);
  EXPECT_TRUE(in.GetBytes(0).empty());
  EXPECT_FALSE(in.AtEnd());
}

TEST(ByteWriterTest, WritingBehindTheEndStopsTheProcess) {
  std::vector<uint8_t> bytes(3);
  ByteWriter out(bytes);
  out.Put(uint16_t{0x0201});
  EXPECT_DEATH(out.Put(uint16_t{1}), "");
}

}  // namespace
}  // namespace sodality::crypto
