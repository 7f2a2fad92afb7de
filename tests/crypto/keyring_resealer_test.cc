// A keyring file for another root key: who opens it, and who no longer does.
#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "crypto/sealed_keyring.h"
#include "tests/crypto/hex.h"
#include "tests/crypto/seeded_random.h"

namespace sodality::crypto {
namespace {

using Bytes = std::vector<uint8_t>;
constexpr platform::Timestamp kNow{1'790'000'000'000};
constexpr size_t kHead = 19;
constexpr size_t kSlot = 129;

class KeyringResealerTest : public testing::Test {
 protected:
  Root NewRoot() { return Root::FromKeyFile(RootKey::Generate(random_)); }
  Bytes Seal(const std::vector<Root>& roots) {
    return SealKeyring(keyring_, roots, random_).value();
  }
  static OpenedKeyring Open(const Bytes& bytes, const Root& root) {
    auto opened = OpenKeyringToChange(bytes, root.key);
    EXPECT_TRUE(opened.ok()) << opened.status();
    return *std::move(opened);
  }
  // A file of `roots`, as the holder of one of them would change it.
  OpenedKeyring OpenedBy(const Root& root,
                         const std::vector<const Root*>& roots) {
    std::vector<Root> all;
    for (const Root* one : roots) all.push_back({one->slot, one->key.Clone()});
    return Open(Seal(all), root);
  }
  Bytes Reseal(const KeyringResealer& resealer) {
    return resealer.Seal(keyring_, random_);
  }
  static bool Opens(const Bytes& bytes, const Root& root) {
    const auto opened = OpenKeyring(bytes, root.key);
    EXPECT_TRUE(opened.ok() || absl::IsPermissionDenied(opened.status()))
        << opened.status();
    return opened.ok();
  }

  SeededRandom random_{11};
  Keyring keyring_ = Keyring::Create({Bytes16{1}, {4, 12, 9}, kNow}, random_);
  const Root old_ = NewRoot();
  const Root fresh_ = NewRoot();
  const Root other_ = NewRoot();
};

TEST_F(KeyringResealerTest, KnowsWhichRootKeyOpenedIt) {
  const OpenedKeyring one = OpenedBy(old_, {&old_});
  EXPECT_EQ(one.resealer.roots(), 1u);
  EXPECT_TRUE(one.resealer.IsOfLast());
  EXPECT_TRUE(one.resealer.IsLast(old_.key));
  EXPECT_FALSE(one.resealer.IsLast(fresh_.key));
  const OpenedKeyring by_old = OpenedBy(old_, {&old_, &fresh_});
  EXPECT_EQ(by_old.resealer.roots(), 2u);
  EXPECT_FALSE(by_old.resealer.IsOfLast());
  EXPECT_TRUE(by_old.resealer.IsLast(fresh_.key));
  EXPECT_FALSE(by_old.resealer.IsLast(old_.key));
  EXPECT_TRUE(OpenedBy(fresh_, {&old_, &fresh_}).resealer.IsOfLast());
}

TEST_F(KeyringResealerTest, IsForTheRootKeyThatIsAdded) {
  const OpenedKeyring opened = OpenedBy(old_, {&old_});
  const KeyringResealer both = opened.resealer.With(fresh_, random_);
  EXPECT_EQ(both.roots(), 2u);
  EXPECT_FALSE(both.IsOfLast());
  EXPECT_TRUE(both.IsLast(fresh_.key));
  const Bytes bytes = Reseal(both);
  EXPECT_TRUE(Opens(bytes, old_));
  EXPECT_TRUE(Opens(bytes, fresh_));
  EXPECT_FALSE(Opens(bytes, other_));
  // Instead of one that was added before.
  const Bytes again = Reseal(both.With(other_, random_));
  EXPECT_TRUE(Opens(again, old_));
  EXPECT_TRUE(Opens(again, other_));
  EXPECT_FALSE(Opens(again, fresh_));
  EXPECT_EQ(OpenKeyring(again, other_.key)->Infos(), keyring_.Infos());
}

TEST_F(KeyringResealerTest, IsForTheRootKeyThatOpenedItAlone) {
  const OpenedKeyring by_old = OpenedBy(old_, {&old_, &fresh_});
  const Bytes stepped_back = Reseal(by_old.resealer.Alone(random_));
  EXPECT_TRUE(Opens(stepped_back, old_));
  EXPECT_FALSE(Opens(stepped_back, fresh_));
  const OpenedKeyring by_new = OpenedBy(fresh_, {&old_, &fresh_});
  const KeyringResealer alone = by_new.resealer.Alone(random_);
  EXPECT_EQ(alone.roots(), 1u);
  EXPECT_TRUE(alone.IsOfLast());
  const Bytes ended = Reseal(alone);
  EXPECT_TRUE(Opens(ended, fresh_));
  EXPECT_FALSE(Opens(ended, old_));
}

TEST_F(KeyringResealerTest, IsForAnotherRootKeyAlone) {
  const KeyringResealer resealer = KeyringResealer::For(fresh_, random_);
  EXPECT_EQ(resealer.roots(), 1u);
  const Bytes bytes = Reseal(resealer);
  EXPECT_TRUE(Opens(bytes, fresh_));
  EXPECT_FALSE(Opens(bytes, old_));
  // And goes on as if it had opened the file.
  EXPECT_TRUE(Opens(Reseal(resealer.With(other_, random_)), fresh_));
  EXPECT_TRUE(Opens(Reseal(resealer.Alone(random_)), fresh_));
}

// The old root key with a copy from its time gives away nothing that is written
// later: an old file's slot in front of the new file's body opens nothing.
TEST_F(KeyringResealerTest, AnOldFilesKeyOpensNoLaterFile) {
  const OpenedKeyring opened = OpenedBy(old_, {&old_});
  const Bytes before = Reseal(opened.resealer);
  const KeyringResealer both = opened.resealer.With(fresh_, random_);
  const Bytes shared = Reseal(both);
  const Bytes ended = Reseal(KeyringResealer::For(fresh_, random_));
  const Bytes back = Reseal(Open(shared, old_).resealer.Alone(random_));
  for (const Bytes* later : {&ended, &back}) {
    Bytes mixed = *later;
    std::copy_n(before.begin() + kHead, kSlot, mixed.begin() + kHead);
    EXPECT_TRUE(absl::IsDataLoss(OpenKeyring(mixed, old_.key).status()));
    std::copy_n(shared.begin() + kHead + kSlot, kSlot, mixed.begin() + kHead);
    EXPECT_TRUE(absl::IsDataLoss(OpenKeyring(mixed, fresh_.key).status()));
  }
}

TEST_F(KeyringResealerTest, HowARootKeyIsKeptStaysKnown) {
  const SecretBytes words = SecretText("three small invented words");
  const Root passphrase =
      Root::FromNewPassphrase(words, kArgon2Fast, random_).value();
  const OpenedKeyring opened = OpenedBy(passphrase, {&passphrase});
  const Bytes both = Reseal(opened.resealer.With(fresh_, random_));
  const auto slots = ReadRootSlots(both);
  ASSERT_TRUE(slots.ok());
  EXPECT_EQ(slots->front().custody, Custody::kPassphrase);
  EXPECT_EQ(slots->back().custody, Custody::kKeyFile);
  EXPECT_TRUE(OpenKeyring(both, RootFromPassphrase(both, words)->key).ok());
  const Bytes ended = Reseal(KeyringResealer::For(fresh_, random_));
  EXPECT_TRUE(
      absl::IsFailedPrecondition(RootFromPassphrase(ended, words).status()));
}

TEST_F(KeyringResealerTest, EveryFlippedByteIsRefused) {
  const OpenedKeyring opened = OpenedBy(old_, {&old_});
  const Bytes good = Reseal(opened.resealer.With(fresh_, random_));
  for (const Root* root : {&old_, &fresh_}) {
    for (size_t i = 0; i < good.size(); ++i) {
      Bytes bad = good;
      bad[i] = static_cast<uint8_t>(bad[i] ^ 1);
      EXPECT_FALSE(OpenKeyring(bad, root->key).ok()) << i;
    }
  }
}

}  // namespace
}  // namespace sodality::crypto
