#include "crypto/keyring_file.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <string>
#include <vector>

#include "tests/crypto/hex.h"
#include "tests/crypto/seeded_random.h"
#include "tests/faults/fault_file_system.h"
#include "tests/scratch.h"

namespace sodality::crypto {
namespace {

constexpr platform::Timestamp kNow{1'790'000'000'000};

class KeyringFileTest : public testing::Test {
 protected:
  void SetUp() override {
    roots_.push_back(Root::FromKeyFile(RootKey::Generate(random_)));
  }
  KeyringFile File() { return {fs_, path_}; }
  // What is on the disk, whatever `fs_` has been told to fail.
  absl::StatusOr<Keyring> OnDisk() {
    return KeyringFile(platform::PosixFileSystem(), path_)
        .Load(roots_.front().key);
  }

  SeededRandom random_{4};
  faults::FaultFileSystem fs_{platform::PosixFileSystem()};
  const Scratch scratch_;
  const std::string path_ = scratch_ / "keyring";
  std::vector<Root> roots_;
  Keyring keyring_ = Keyring::Create({Bytes16{1}, {4, 12, 9}, kNow}, random_);
};

TEST_F(KeyringFileTest, LoadsWhatWasStored) {
  ASSERT_TRUE(File().Store(keyring_, roots_, random_).ok());
  const auto loaded = File().Load(roots_.front().key);
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded->Infos(), keyring_.Infos());
  EXPECT_EQ(File().Slots()->size(), 1u);
}

TEST_F(KeyringFileTest, AChangeNeedsNoRootKey) {
  ASSERT_TRUE(File().Store(keyring_, roots_, random_).ok());
  const auto opened = File().LoadToChange(roots_.front().key);
  ASSERT_TRUE(opened.ok());
  Keyring changed = opened->keyring.Clone();
  changed.Rotate(KeyKind::kWrap, kNow, random_);
  ASSERT_TRUE(File().Store(changed, opened->resealer, random_).ok());
  EXPECT_EQ(OnDisk()->Infos(), changed.Infos());
}

// Which file is the store rests on it.
TEST_F(KeyringFileTest, WhatIsLoadedToBeChangedIsDurable) {
  ASSERT_TRUE(File().Store(keyring_, roots_, random_).ok());
  fs_.Inject({.operation = faults::Operation::kSyncFolder});
  EXPECT_TRUE(
      absl::IsUnavailable(File().LoadToChange(roots_.front().key).status()));
  EXPECT_TRUE(fs_.Struck());
  EXPECT_TRUE(File().LoadToChange(roots_.front().key).ok());
}

TEST_F(KeyringFileTest, OnlyTheOwnerMayReadIt) {
  ASSERT_TRUE(File().Store(keyring_, roots_, random_).ok());
  struct stat info {};
  ASSERT_EQ(stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(KeyringFileTest, AnAbsentFileIsNotFound) {
  EXPECT_TRUE(absl::IsNotFound(File().Load(roots_.front().key).status()));
  EXPECT_TRUE(absl::IsNotFound(File().Slots().status()));
  EXPECT_TRUE(absl::IsNotFound(File().RootFor(SecretText("words")).status()));
}

TEST_F(KeyringFileTest, AFileThatIsNoKeyringIsDataLoss) {
  ASSERT_TRUE(platform::ReplaceFile(fs_, path_, FromHex("00112233")).ok());
  EXPECT_TRUE(absl::IsDataLoss(File().Load(roots_.front().key).status()));
}

TEST_F(KeyringFileTest, APassphraseKeepsOpeningAfterTheFileIsRewritten) {
  const SecretBytes words = SecretText("three small invented words");
  roots_[0] = Root::FromNewPassphrase(words, kArgon2Fast, random_).value();
  ASSERT_TRUE(File().Store(keyring_, roots_, random_).ok());
  keyring_.Prepare(KeyKind::kWrap, kNow, random_);
  ASSERT_TRUE(File().Store(keyring_, roots_, random_).ok());
  const auto root = File().RootFor(words);
  ASSERT_TRUE(root.ok());
  EXPECT_EQ(File().Load(root->key)->generation(), 2u);
}

TEST_F(KeyringFileTest, KilledAtAnyChangeTheFileIsTheOldOneOrTheNewOne) {
  ASSERT_TRUE(File().Store(keyring_, roots_, random_).ok());
  const uint64_t old_generation = keyring_.generation();
  Keyring changed = keyring_.Clone();
  changed.Prepare(KeyKind::kWrap, kNow, random_);
  int rounds = 0;
  for (bool struck = true; struck; ++rounds) {
    ASSERT_LT(rounds, 20);
    fs_.KillAt(rounds + 1, /*torn_bytes=*/300);
    const absl::Status stored = File().Store(changed, roots_, random_);
    struck = fs_.Struck();
    EXPECT_EQ(stored.ok(), !struck);
    const auto on_disk = OnDisk();
    ASSERT_TRUE(on_disk.ok())
        << "change " << rounds << ": " << on_disk.status();
    EXPECT_TRUE(on_disk->generation() == old_generation ||
                on_disk->generation() == changed.generation());
    fs_.Heal();
    ASSERT_TRUE(File().Store(keyring_, roots_, random_).ok());
  }
  EXPECT_GT(rounds, 3);  // Write, sync, rename at least were each killed.
}

TEST_F(KeyringFileTest, AFullDiskLeavesTheOldFileAndIsNamed) {
  ASSERT_TRUE(File().Store(keyring_, roots_, random_).ok());
  Keyring changed = keyring_.Clone();
  changed.Prepare(KeyKind::kWrap, kNow, random_);
  fs_.Inject({.operation = faults::Operation::kWrite,
              .status = absl::ResourceExhaustedError("disk full"),
              .torn_bytes = 17});
  EXPECT_TRUE(
      absl::IsResourceExhausted(File().Store(changed, roots_, random_)));
  EXPECT_EQ(OnDisk()->generation(), keyring_.generation());
}

}  // namespace
}  // namespace sodality::crypto
