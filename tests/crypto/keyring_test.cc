#include "crypto/keyring.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "crypto/keyring_codec.h"
#include "tests/crypto/hex.h"
#include "tests/crypto/seeded_random.h"

namespace sodality::crypto {
namespace {

class KeyringTest : public testing::Test {
 protected:
  static constexpr platform::Timestamp kNow{1'790'000'000'000};
  SeededRandom random_{3};
  Keyring keyring_ = Keyring::Create({Bytes16{1}, {4, 12, 9}, kNow}, random_);

  CaKey NewCaKey() {
    return CaKey{SecretBuffer::CopyOf(AsBytes("a PKCS #8 document"))};
  }
  KeyState State(KeyKind kind, uint32_t version) {
    return keyring_.Info(kind, version)->state;
  }
};

TEST_F(KeyringTest, StartsWithOneActiveVersionOfEveryKindButTheCa) {
  std::set<KeyKind> kinds;
  for (const KeyInfo& info : keyring_.Infos()) {
    EXPECT_EQ(info.version, 1u);
    EXPECT_EQ(info.state, KeyState::kActive);
    EXPECT_EQ(info.created, kNow);
    kinds.insert(info.kind);
  }
  EXPECT_EQ(kinds.size(), 8u);
  EXPECT_EQ(kinds.count(KeyKind::kCa), 0u);
  EXPECT_EQ(keyring_.generation(), 1u);
  EXPECT_EQ(keyring_.chapter_id(), Bytes16{1});
}

TEST_F(KeyringTest, AnIndexVersionSaysHowItsTokensAreMade) {
  EXPECT_EQ(keyring_.Info(KeyKind::kIndex, 1)->index,
            (IndexParameters{4, 12, 9}));
  EXPECT_EQ(keyring_.PrepareIndex({5, 13, 10}, kNow, random_), 2u);
  EXPECT_EQ(keyring_.Info(KeyKind::kIndex, 2)->index,
            (IndexParameters{5, 13, 10}));
  EXPECT_FALSE(keyring_.Info(KeyKind::kWrap, 1)->index.has_value());
}

TEST_F(KeyringTest, ARotationKeepsTheOldVersionForOpening) {
  const WrapKey old = keyring_.Active<WrapKey>()->key.Clone();
  EXPECT_EQ(keyring_.Prepare(KeyKind::kWrap, kNow, random_), 2u);
  EXPECT_EQ(keyring_.Active<WrapKey>()->version, 1u);
  ASSERT_TRUE(keyring_.Activate(KeyKind::kWrap, 2).ok());
  EXPECT_EQ(keyring_.Active<WrapKey>()->version, 2u);
  EXPECT_EQ(State(KeyKind::kWrap, 1), KeyState::kRetired);
  EXPECT_TRUE((*keyring_.Find<WrapKey>(1))->Equals(old));
  EXPECT_FALSE((*keyring_.Find<WrapKey>(2))->Equals(old));
}

TEST_F(KeyringTest, AnIndexKeyIsRotatedAsOneChange) {
  EXPECT_EQ(keyring_.RotateIndex({5, 13, 10}, kNow, random_), 2u);
  EXPECT_EQ(keyring_.generation(), 2u);
  EXPECT_EQ(State(KeyKind::kIndex, 1), KeyState::kRetired);
  EXPECT_EQ(State(KeyKind::kIndex, 2), KeyState::kActive);
  EXPECT_EQ(keyring_.Info(KeyKind::kIndex, 2)->index,
            (IndexParameters{5, 13, 10}));
}

TEST_F(KeyringTest, TheLedgersTwoKeysChangeAsOne) {
  const LedgerKey old = keyring_.Active<LedgerKey>()->key.Clone();
  const LedgerSignKey old_seed = keyring_.Active<LedgerSignKey>()->key.Clone();
  EXPECT_EQ(keyring_.RotateLedger(kNow, random_), 2u);
  EXPECT_EQ(keyring_.generation(), 2u);
  for (const KeyKind kind : {KeyKind::kLedger, KeyKind::kLedgerSign}) {
    EXPECT_EQ(State(kind, 1), KeyState::kRetired);
    EXPECT_EQ(State(kind, 2), KeyState::kActive);
    EXPECT_EQ(keyring_.Info(kind, 2)->created, kNow);
  }
  EXPECT_TRUE((*keyring_.Find<LedgerKey>(1))->Equals(old));
  EXPECT_TRUE((*keyring_.Find<LedgerSignKey>(1))->Equals(old_seed));
  EXPECT_FALSE((*keyring_.Find<LedgerSignKey>(2))->Equals(old_seed));
}

TEST_F(KeyringTest, UnknownAndDestroyedVersionsAreRefusedByName) {
  const auto unknown = keyring_.Find<WrapKey>(7).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(unknown));
  EXPECT_EQ(unknown.message(),
            "wrap key version 7 is unknown (newer than this server?)");
  keyring_.Prepare(KeyKind::kWrap, kNow, random_);
  ASSERT_TRUE(keyring_.Activate(KeyKind::kWrap, 2).ok());
  ASSERT_TRUE(keyring_.Destroy(KeyKind::kWrap, 1).ok());
  const auto destroyed = keyring_.Find<WrapKey>(1).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(destroyed));
  EXPECT_EQ(destroyed.message(), "wrap key version 1 has been destroyed");
  EXPECT_EQ(keyring_.Prepare(KeyKind::kWrap, kNow, random_), 3u);
}

TEST_F(KeyringTest, RefusesStepsOutsideTheTable) {
  EXPECT_TRUE(absl::IsFailedPrecondition(keyring_.Destroy(KeyKind::kPage, 1)));
  EXPECT_TRUE(absl::IsFailedPrecondition(keyring_.Activate(KeyKind::kPage, 1)));
  EXPECT_TRUE(absl::IsFailedPrecondition(keyring_.Activate(KeyKind::kPage, 2)));
  EXPECT_TRUE(absl::IsFailedPrecondition(keyring_.Destroy(KeyKind::kPage, 2)));
  EXPECT_EQ(keyring_.generation(), 1u);
}

TEST_F(KeyringTest, AnAbandonedVersionCanBeDestroyed) {
  keyring_.Prepare(KeyKind::kState, kNow, random_);
  EXPECT_TRUE(keyring_.Destroy(KeyKind::kState, 2).ok());
  EXPECT_EQ(State(KeyKind::kState, 2), KeyState::kDestroyed);
  EXPECT_EQ(keyring_.Active<StateKey>()->version, 1u);
}

TEST_F(KeyringTest, EveryChangeRaisesTheGenerationByOne) {
  keyring_.Prepare(KeyKind::kLedger, kNow, random_);
  EXPECT_EQ(keyring_.generation(), 2u);
  ASSERT_TRUE(keyring_.Activate(KeyKind::kLedger, 2).ok());
  EXPECT_EQ(keyring_.generation(), 3u);
  ASSERT_TRUE(keyring_.Destroy(KeyKind::kLedger, 1).ok());
  EXPECT_EQ(keyring_.generation(), 4u);
}

TEST_F(KeyringTest, TheCaKeyIsAbsentUntilItIsSet) {
  EXPECT_TRUE(absl::IsFailedPrecondition(keyring_.Active<CaKey>().status()));
  EXPECT_EQ(keyring_.PrepareCa(NewCaKey(), kNow), 1u);
  ASSERT_TRUE(keyring_.Activate(KeyKind::kCa, 1).ok());
  const auto ca = keyring_.Active<CaKey>();
  ASSERT_TRUE(ca.ok());
  EXPECT_TRUE(ca->key.pkcs8.Equals(NewCaKey().pkcs8));
}

TEST_F(KeyringTest, AChangedCloneLeavesTheOriginalAlone) {
  Keyring changed = keyring_.Clone();
  changed.Prepare(KeyKind::kWrap, kNow, random_);
  ASSERT_TRUE(changed.Activate(KeyKind::kWrap, 2).ok());
  ASSERT_TRUE(changed.Destroy(KeyKind::kWrap, 1).ok());
  EXPECT_EQ(keyring_.Active<WrapKey>()->version, 1u);
  EXPECT_TRUE(keyring_.Find<WrapKey>(1).ok());
  EXPECT_EQ(keyring_.generation(), 1u);
}

TEST_F(KeyringTest, InfosAreSortedByKindAndVersion) {
  keyring_.PrepareCa(NewCaKey(), kNow);
  keyring_.Prepare(KeyKind::kPage, kNow, random_);
  keyring_.Prepare(KeyKind::kWrap, kNow, random_);
  KeyInfo previous;
  for (const KeyInfo& info : keyring_.Infos()) {
    EXPECT_LT(std::pair(previous.kind, previous.version),
              std::pair(info.kind, info.version));
    previous = info;
  }
}

// One more could be written and never read.
TEST_F(KeyringTest, HoldsAsManyVersionsAsAFileMay) {
  while (keyring_.Infos().size() < Keyring::kMaxVersions) {
    keyring_.Prepare(KeyKind::kLedgerSign, kNow, random_);
  }
  const SecretBuffer bytes = KeyringCodec::Encode(keyring_);
  const auto read = KeyringCodec::Decode(bytes.Expose(AllowSecretAccess()));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->Infos().size(), Keyring::kMaxVersions);
  EXPECT_DEATH(keyring_.Prepare(KeyKind::kLedgerSign, kNow, random_), "");
}

TEST(KeyKindTest, NamesAreTheOnesOfTheCommandLine) {
  EXPECT_EQ(KeyKindName(KeyKind::kWrap), "wrap");
  EXPECT_EQ(KeyKindName(KeyKind::kLedgerSign), "ledger-sign");
  EXPECT_EQ(KeyKindName(KeyKind::kCa), "ca");
}

}  // namespace
}  // namespace sodality::crypto
