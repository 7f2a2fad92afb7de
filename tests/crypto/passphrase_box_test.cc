#include "crypto/passphrase_box.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/crypto/hex.h"
#include "tests/crypto/seeded_random.h"

namespace sodality::crypto {
namespace {

class PassphraseBoxTest : public testing::Test {
 protected:
  SeededRandom random_{6};
  const SecretBytes words_ = SecretText("three small invented words");
  const std::vector<uint8_t> box_ =
      SealWithPassphrase(SecretText("a device key"), words_,
                         {"device-key", kArgon2Fast}, random_)
          .value();
};

TEST_F(PassphraseBoxTest, OpensWithThePassphrase) {
  EXPECT_EQ(Reveal(*OpenWithPassphrase(box_, words_, "device-key")),
            "a device key");
}

TEST_F(PassphraseBoxTest, AWrongPassphraseOrPurposeIsToldFromDamage) {
  const absl::Status refused =
      absl::PermissionDeniedError("the passphrase does not open this file");
  EXPECT_EQ(
      OpenWithPassphrase(box_, SecretText("other"), "device-key").status(),
      refused);
  EXPECT_EQ(OpenWithPassphrase(box_, words_, "replica").status(), refused);
}

TEST_F(PassphraseBoxTest, EveryFlippedByteIsRefused) {
  for (size_t i = 0; i < box_.size(); ++i) {
    std::vector<uint8_t> bad = box_;
    // A byte of the cost is made larger by 2, not by 128: an honest cost that
    // is wrong must be refused too, and 2^31 passes are refused by the limits.
    bad[i] ^= 0x02;
    EXPECT_FALSE(OpenWithPassphrase(bad, words_, "device-key").ok()) << i;
  }
}

TEST_F(PassphraseBoxTest, EveryTruncationAndAnAppendedByteAreRefused) {
  for (size_t size = 0; size < box_.size(); ++size) {
    EXPECT_TRUE(absl::IsDataLoss(
        OpenWithPassphrase(std::span(box_).first(size), words_, "device-key")
            .status()))
        << size;
  }
  std::vector<uint8_t> longer = box_;
  longer.push_back(0);
  EXPECT_TRUE(absl::IsDataLoss(
      OpenWithPassphrase(longer, words_, "device-key").status()));
}

TEST_F(PassphraseBoxTest, ABoxCannotAskForAllMemory) {
  std::vector<uint8_t> bad = box_;
  bad[9] = 0xff;  // Memory: 4 TiB.
  EXPECT_TRUE(
      absl::IsDataLoss(OpenWithPassphrase(bad, words_, "device-key").status()));
}

TEST_F(PassphraseBoxTest, ANewerFormatIsRefusedByName) {
  std::vector<uint8_t> bad = box_;
  bad[0] = 2;
  EXPECT_TRUE(absl::IsFailedPrecondition(
      OpenWithPassphrase(bad, words_, "device-key").status()));
}

TEST_F(PassphraseBoxTest, RefusesWhatIsTooLargeOrHasNoPassphrase) {
  EXPECT_TRUE(absl::IsInvalidArgument(
      SealWithPassphrase(SecretBytes::OfSize(kMaxBoxSize + 1), words_,
                         {"device-key", kArgon2Fast}, random_)
          .status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      SealWithPassphrase(SecretText("x"), SecretBytes(),
                         {"device-key", kArgon2Fast}, random_)
          .status()));
}

}  // namespace
}  // namespace sodality::crypto
