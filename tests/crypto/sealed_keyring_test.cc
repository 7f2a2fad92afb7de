#include "crypto/sealed_keyring.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "crypto/keyring_codec.h"
#include "tests/crypto/hex.h"
#include "tests/crypto/seeded_random.h"

namespace sodality::crypto {
namespace {

using Bytes = std::vector<uint8_t>;
constexpr platform::Timestamp kNow{1'790'000'000'000};

class SealedKeyringTest : public testing::Test {
 protected:
  SealedKeyringTest() {
    keyring_.Prepare(KeyKind::kWrap, kNow, random_);
    EXPECT_TRUE(keyring_.Activate(KeyKind::kWrap, 2).ok());
    EXPECT_TRUE(keyring_.Destroy(KeyKind::kWrap, 1).ok());
    keyring_.PrepareCa(CaKey{SecretBuffer::CopyOf(AsBytes("pkcs8"))}, kNow);
    EXPECT_TRUE(keyring_.Activate(KeyKind::kCa, 1).ok());
    roots_.push_back(Root::FromKeyFile(RootKey::Generate(random_)));
  }
  Bytes Seal() { return SealKeyring(keyring_, roots_, random_).value(); }
  const RootKey& root() const { return roots_.front().key; }

  SeededRandom random_{8};
  Keyring keyring_ = Keyring::Create({Bytes16{1}, {4, 12, 9}, kNow}, random_);
  std::vector<Root> roots_;
};

TEST_F(SealedKeyringTest, GivesBackEveryKeyAndFact) {
  const auto opened = OpenKeyring(Seal(), root());
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened->Infos(), keyring_.Infos());
  EXPECT_EQ(opened->generation(), keyring_.generation());
  EXPECT_EQ(opened->chapter_id(), keyring_.chapter_id());
  EXPECT_TRUE(
      KeyringCodec::Encode(*opened).Equals(KeyringCodec::Encode(keyring_)));
  EXPECT_TRUE(
      opened->Active<PageKey>()->key.Equals(keyring_.Active<PageKey>()->key));
  EXPECT_TRUE(opened->Active<CaKey>()->key.pkcs8.Equals(
      keyring_.Active<CaKey>()->key.pkcs8));
}

TEST_F(SealedKeyringTest, AChangedKeyringOpensForEveryRootOfTheOldOne) {
  roots_.push_back(Root::FromKeyFile(RootKey::Generate(random_)));
  const Bytes before = Seal();
  const auto opened = OpenKeyringToChange(before, root());
  ASSERT_TRUE(opened.ok());
  Keyring changed = opened->keyring.Clone();
  changed.Rotate(KeyKind::kWrap, kNow, random_);
  const Bytes after = opened->resealer.Seal(changed, random_);
  EXPECT_NE(after, opened->resealer.Seal(changed, random_));  // Another nonce.
  for (const Root& one : roots_) {
    const auto again = OpenKeyring(after, one.key);
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->Infos(), changed.Infos());
    EXPECT_EQ(again->generation(), keyring_.generation() + 1);
  }
  EXPECT_EQ(OpenKeyring(after, RootKey::Generate(random_)).status().code(),
            absl::StatusCode::kPermissionDenied);
  // The body of one file is bound to its own slots.
  Bytes mixed = Seal();
  const size_t head = 19 + 2 * 129;
  mixed.resize(head);
  std::ranges::copy(std::span(after).subspan(head), std::back_inserter(mixed));
  EXPECT_TRUE(absl::IsDataLoss(OpenKeyring(mixed, root()).status()));
}

TEST_F(SealedKeyringTest, AWrongRootKeyIsToldFromDamage) {
  const auto status = OpenKeyring(Seal(), RootKey::Generate(random_)).status();
  EXPECT_EQ(status, absl::PermissionDeniedError(
                        "the root key does not open this keyring"));
}

TEST_F(SealedKeyringTest, EveryFlippedByteIsRefused) {
  const Bytes good = Seal();
  for (size_t i = 0; i < good.size(); ++i) {
    for (const int mask : {0x01, 0x80}) {
      Bytes bad = good;
      bad[i] = static_cast<uint8_t>(bad[i] ^ mask);
      const auto status = OpenKeyring(bad, root()).status();
      EXPECT_TRUE(absl::IsDataLoss(status) ||
                  absl::IsFailedPrecondition(status) ||
                  absl::IsPermissionDenied(status))
          << i << ": " << status;
    }
  }
}

TEST_F(SealedKeyringTest, EveryTruncationAndAnAppendedByteAreRefused) {
  Bytes bytes = Seal();
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_TRUE(absl::IsDataLoss(
        OpenKeyring(std::span(bytes).first(size), root()).status()))
        << size;
  }
  bytes.push_back(0);
  EXPECT_TRUE(absl::IsDataLoss(OpenKeyring(bytes, root()).status()));
}

TEST_F(SealedKeyringTest, TwoRootsOpenItAndADroppedOneNoLongerDoes) {
  roots_.push_back(Root::FromKeyFile(RootKey::Generate(random_)));
  const Bytes both = Seal();
  EXPECT_TRUE(OpenKeyring(both, roots_[0].key).ok());
  EXPECT_TRUE(OpenKeyring(both, roots_[1].key).ok());
  const auto one = SealKeyring(keyring_, std::span(roots_).last(1), random_);
  EXPECT_TRUE(
      absl::IsPermissionDenied(OpenKeyring(*one, roots_[0].key).status()));
  EXPECT_TRUE(OpenKeyring(*one, roots_[1].key).ok());
}

TEST_F(SealedKeyringTest, DamageInTheOtherRootsSlotIsNoticed) {
  roots_.push_back(Root::FromKeyFile(RootKey::Generate(random_)));
  Bytes bytes = Seal();
  bytes[19 + 129 + 100] ^= 1;  // In the second slot's box.
  EXPECT_TRUE(absl::IsDataLoss(OpenKeyring(bytes, roots_[0].key).status()));
}

TEST_F(SealedKeyringTest, TheNumberOfRootsIsLimited) {
  EXPECT_TRUE(
      absl::IsInvalidArgument(SealKeyring(keyring_, {}, random_).status()));
  while (roots_.size() <= kMaxRoots) {
    roots_.push_back(Root::FromKeyFile(RootKey::Generate(random_)));
  }
  EXPECT_TRUE(
      absl::IsInvalidArgument(SealKeyring(keyring_, roots_, random_).status()));
}

TEST_F(SealedKeyringTest, APassphraseOpensItAndTheHeaderSaysSo) {
  const SecretBytes passphrase = SecretText("three small invented words");
  roots_[0] = Root::FromNewPassphrase(passphrase, kArgon2Fast, random_).value();
  const Bytes bytes = Seal();
  const auto slots = ReadRootSlots(bytes);
  ASSERT_TRUE(slots.ok());
  EXPECT_EQ(slots->front().custody, Custody::kPassphrase);
  EXPECT_EQ(slots->front().passphrase.cost, kArgon2Fast);
  const auto root = RootFromPassphrase(bytes, passphrase);
  ASSERT_TRUE(root.ok());
  EXPECT_TRUE(OpenKeyring(bytes, root->key).ok());
  EXPECT_EQ(
      RootFromPassphrase(bytes, SecretText("other words")).status(),
      absl::PermissionDeniedError("the passphrase does not open this keyring"));
}

TEST_F(SealedKeyringTest, APassphraseIsRefusedWhereAKeyFileIsMeant) {
  EXPECT_TRUE(absl::IsFailedPrecondition(
      RootFromPassphrase(Seal(), SecretText("words")).status()));
  EXPECT_EQ(ReadRootSlots(Seal())->front().custody, Custody::kKeyFile);
}

TEST_F(SealedKeyringTest, AnAbsurdArgon2CostIsRefusedUnread) {
  roots_[0] = Root::FromNewPassphrase(SecretText("words"), kArgon2Fast, random_)
                  .value();
  Bytes bytes = Seal();
  bytes[19 + 1 + 4 + 3] = 0xff;  // Memory: 4 TiB.
  EXPECT_TRUE(absl::IsDataLoss(
      RootFromPassphrase(bytes, SecretText("words")).status()));
}

TEST_F(SealedKeyringTest, ANewerFormatIsRefusedByName) {
  Bytes bytes = Seal();
  bytes[16] = 2;
  const auto status = OpenKeyring(bytes, root()).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_EQ(status.message(),
            "keyring format 2.1 is unknown (newer than this server?)");
}

// The plain form is authenticated when it is read; its invariants are checked
// all the same, against a writer's fault.
class KeyringCodecTest : public testing::Test {
 protected:
  Bytes Plain() {
    const SecretBuffer bytes = KeyringCodec::Encode(keyring_);
    const auto all = bytes.Expose(AllowSecretAccess());
    return {all.begin(), all.end()};
  }
  // Where the first entry's kind is.
  static constexpr size_t kFirst = 1 + 16 + 8 + 2;
  SeededRandom random_{8};
  Keyring keyring_ = Keyring::Create({Bytes16{1}, {4, 12, 9}, kNow}, random_);
};

TEST_F(KeyringCodecTest, ChecksKindVersionStateAndSize) {
  struct Case {
    size_t offset;
    uint8_t value;
    absl::StatusCode code;
  };
  const Case cases[] = {
      {0, 2, absl::StatusCode::kFailedPrecondition},        // format
      {kFirst, 40, absl::StatusCode::kFailedPrecondition},  // kind
      {kFirst + 1, 2, absl::StatusCode::kDataLoss},         // version
      {kFirst + 5, 0, absl::StatusCode::kDataLoss},         // state
      {kFirst + 5, 5, absl::StatusCode::kDataLoss},
      {kFirst + 5, 3, absl::StatusCode::kDataLoss},    // retired: none active
      {kFirst + 5, 4, absl::StatusCode::kDataLoss},    // destroyed with bytes
      {kFirst + 18, 47, absl::StatusCode::kDataLoss},  // size
  };
  EXPECT_TRUE(KeyringCodec::Decode(Plain()).ok());
  for (const Case& c : cases) {
    Bytes bytes = Plain();
    bytes[c.offset] = c.value;
    EXPECT_EQ(KeyringCodec::Decode(bytes).status().code(), c.code) << c.offset;
  }
}

TEST_F(KeyringCodecTest, RefusesEveryTruncation) {
  const Bytes bytes = Plain();
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_TRUE(absl::IsDataLoss(
        KeyringCodec::Decode(std::span(bytes).first(size)).status()));
  }
}

}  // namespace
}  // namespace sodality::crypto
