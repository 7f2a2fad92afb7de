// Root keys dealt as shares and put together again.
#include "crypto/sharing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <string>

#include "crypto/keyring.h"
#include "crypto/ristretto.h"
#include "tests/crypto/hex.h"
#include "tests/crypto/seeded_random.h"

namespace sodality::crypto {
namespace {

constexpr Bytes16 kChapter{7, 7};

Share Copy(const Share& share) {
  return Share::Create(share.info(), share.value().Clone()).value();
}

// The shares whose bit is set in `members`.
absl::StatusOr<RootKey> CombineSome(const DealtRoot& dealt, unsigned members) {
  ShareCollection collection(kChapter, dealt.root.slot.shares);
  for (size_t i = dealt.shares.size(); i-- > 0;) {
    if ((members >> i & 1) == 0) continue;
    const absl::Status added = collection.Add(Copy(dealt.shares[i]));
    if (!added.ok()) return added;
  }
  return collection.Combine();
}

DealtRoot Deal(uint8_t threshold, uint8_t count, uint64_t seed = 1) {
  SeededRandom random(seed);
  return DealRoot(kChapter, {threshold, count}, random).value();
}

// Every subset of every sharing of up to six.
class SubsetsTest : public testing::TestWithParam<uint64_t> {};

TEST_P(SubsetsTest, AsManyAsTheThresholdGiveTheKeyAndFewerNothing) {
  for (uint8_t count = kMinThreshold; count <= 6; ++count) {
    for (uint8_t threshold = kMinThreshold; threshold <= count; ++threshold) {
      const DealtRoot dealt = Deal(threshold, count, GetParam());
      for (unsigned some = 0; some < 1U << count; ++some) {
        SCOPED_TRACE(std::to_string(threshold) + " of " +
                     std::to_string(count) + ", " + std::to_string(some));
        const auto root = CombineSome(dealt, some);
        if (std::popcount(some) >= threshold) {
          ASSERT_TRUE(root.ok()) << root.status();
          EXPECT_TRUE(root->Equals(dealt.root.key));
        } else {
          EXPECT_EQ(root.status().code(),
                    absl::StatusCode::kFailedPrecondition);
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, SubsetsTest, testing::Range<uint64_t>(1, 5));

TEST(SharingTest, TheLargestSharingWorks) {
  const DealtRoot dealt = Deal(kMaxShares, kMaxShares);
  EXPECT_TRUE(CombineSome(dealt, 0xffff)->Equals(dealt.root.key));
  const DealtRoot two = Deal(2, kMaxShares);
  EXPECT_TRUE(CombineSome(two, 0x8001)->Equals(two.root.key));
}

TEST(SharingTest, CountsThatCannotBeAreRefused) {
  SeededRandom random(1);
  const ShareCounts wrong[] = {{0, 0}, {1, 1},  {1, 5},   {0, 5},
                               {4, 3}, {2, 17}, {17, 17}, {255, 255}};
  for (const ShareCounts& counts : wrong) {
    EXPECT_TRUE(
        absl::IsInvalidArgument(DealRoot(kChapter, counts, random).status()))
        << int{counts.threshold} << " of " << int{counts.count};
  }
}

TEST(SharingTest, EveryIssueIsAnotherSetOfAnotherKey) {
  SeededRandom random(3);
  const auto first = DealRoot(kChapter, {2, 3}, random);
  const auto second = DealRoot(kChapter, {2, 3}, random);
  EXPECT_NE(first->root.slot.shares.id, second->root.slot.shares.id);
  EXPECT_FALSE(first->root.key.Equals(second->root.key));
}

// The key is bound to chapter and set, too, and is not the secret.
TEST(SharingTest, TheSameSecretIsAnotherKeyInAnotherChapter) {
  SeededRandom one(4);
  SeededRandom other(4);
  const auto here = DealRoot(kChapter, {2, 3}, one);
  const auto there = DealRoot(Bytes16{8}, {2, 3}, other);
  EXPECT_TRUE(here->shares[0].value().Equals(there->shares[0].value()));
  EXPECT_FALSE(here->root.key.Equals(there->root.key));
}

TEST(SharingTest, AKeyringOfSharesOpensForThemAlone) {
  SeededRandom random(5);
  const auto dealt = DealRoot(kChapter, {3, 5}, random);
  const Keyring keyring =
      Keyring::Create({kChapter, {4, 12, 9}, {1000}}, random);
  const auto bytes =
      SealKeyring(keyring, std::span(&dealt->root, 1), random).value();
  const auto slots = ReadRootSlots(bytes);
  ASSERT_TRUE(slots.ok());
  EXPECT_EQ(slots->front().custody, Custody::kShares);
  EXPECT_EQ(slots->front().shares, dealt->root.slot.shares);
  EXPECT_TRUE(OpenKeyring(bytes, *CombineSome(*dealt, 0b10101)).ok());
  EXPECT_TRUE(absl::IsPermissionDenied(
      OpenKeyring(bytes, Deal(3, 5, 6).root.key).status()));
}

class CollectionTest : public testing::Test {
 protected:
  absl::Status Add(const Share& share) { return collection_.Add(Copy(share)); }

  const DealtRoot dealt_ = Deal(3, 5);
  ShareCollection collection_{kChapter, dealt_.root.slot.shares};
};

TEST_F(CollectionTest, AWrongShareLeavesWhatIsThere) {
  SeededRandom random(9);
  const auto elsewhere = DealRoot(Bytes16{9}, {3, 5}, random);
  EXPECT_TRUE(Add(dealt_.shares[3]).ok());
  EXPECT_EQ(Add(elsewhere->shares[0]),
            absl::FailedPreconditionError("the share is another chapter's"));
  const absl::Status older = Add(Deal(3, 5, 2).shares[0]);
  EXPECT_TRUE(absl::IsFailedPrecondition(older));
  EXPECT_NE(older.message().find("of another set"), absl::string_view::npos);
  EXPECT_EQ(Add(dealt_.shares[3]),
            absl::AlreadyExistsError("share 4 is in already"));
  EXPECT_EQ(collection_.size(), 1u);
  EXPECT_EQ(collection_.Combine().status(),
            absl::FailedPreconditionError(
                "1 of the 3 shares that it takes are there"));
  EXPECT_TRUE(Add(dealt_.shares[0]).ok());
  EXPECT_FALSE(collection_.complete());
  EXPECT_TRUE(Add(dealt_.shares[1]).ok());
  EXPECT_TRUE(collection_.complete());
  EXPECT_TRUE(collection_.Combine()->Equals(dealt_.root.key));
}

TEST_F(CollectionTest, MoreThanItTakesDoNoHarm) {
  for (const Share& share : dealt_.shares) EXPECT_TRUE(Add(share).ok());
  EXPECT_TRUE(collection_.Combine()->Equals(dealt_.root.key));
}

// ---- What randomness decides

// Zeros for the draws named, of 64 bytes each.
class ZeroDraws final : public Random {
 public:
  explicit ZeroDraws(unsigned draws) : draws_(draws) {}
  void Fill(std::span<uint8_t> out) override {
    random_.Fill(out);
    if ((draws_ >> count_++ & 1) != 0) std::ranges::fill(out, uint8_t{0});
  }

 private:
  SeededRandom random_{11};
  unsigned draws_;
  unsigned count_ = 0;
};

TEST(CoefficientTest, OneOfZeroIsAsGoodAsAny) {
  ZeroDraws random(0b010);
  const auto dealt = DealRoot(kChapter, {3, 5}, random);
  ASSERT_TRUE(dealt.ok()) << dealt.status();
  EXPECT_EQ(dealt->shares[0].info().commitments[1], kIdentity);
  for (const unsigned some : {0b00111U, 0b11100U, 0b10101U}) {
    EXPECT_TRUE(CombineSome(*dealt, some)->Equals(dealt->root.key));
  }
}

TEST(CoefficientTest, NoSecretAndALowerDegreeAreRefused) {
  for (const unsigned draws : {0b001U, 0b100U}) {
    ZeroDraws random(draws);
    EXPECT_TRUE(
        absl::IsInvalidArgument(DealRoot(kChapter, {3, 5}, random).status()));
  }
}

TEST(CoefficientTest, TheyAreUniformBelowTheOrder) {
  // The largest draw is (2^512 - 1) mod L, and is canonical.
  class Ones final : public Random {
   public:
    void Fill(std::span<uint8_t> out) override {
      std::ranges::fill(out, uint8_t{0xff});
    }
  } ones;
  const Scalar scalar = Scalar::Generate(ones);
  EXPECT_TRUE(scalar.IsCanonical());
  EXPECT_EQ(ToHex(scalar.Expose(AllowSecretAccess())),
            "000f9c44e31106a447938568a71b0ed065bef517d273ecce3d9a307c1b419903");
}

}  // namespace
}  // namespace sodality::crypto
