// A backup that is made while the directory is in use, and a chapter that is
// opened from what it holds.
#include "server/core/backup/backup.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "server/core/keys/rotation.h"
#include "tests/core/access/rotation_fixture.h"

namespace sodality::core {
namespace {

using absl::StatusCode;

class BackupTest : public RotationFixture {
 protected:
  absl::StatusOr<std::unique_ptr<Backup>> Begin() {
    return chapter_->backups().Begin(admin_);
  }
  // All of its bytes.
  static store::Bytes ReadAll(Backup& backup) {
    store::Bytes all;
    while (true) {
      const auto bytes = backup.Next();
      EXPECT_TRUE(bytes.ok()) << bytes.status();
      if (!bytes.ok() || bytes->empty()) break;
      all.insert(all.end(), bytes->begin(), bytes->end());
    }
    EXPECT_EQ(all.size(), backup.facts().bytes);
    return all;
  }

  // What the chunks say.
  std::string Decrypt(std::span<const uint8_t> file) {
    const size_t head = *crypto::BackupHeadSize(file);
    auto opener = *crypto::BackupOpener::Begin(file.first(head), backup_root_);
    unpacked_keyring_.emplace(opener.keyring().Clone());
    std::string plain;
    for (auto rest = file.subspan(head); !rest.empty();) {
      const size_t size = std::min(rest.size(), crypto::kSealedBackupChunk);
      const auto chunk = opener.Open(rest.first(size), size == rest.size());
      EXPECT_TRUE(chunk.ok()) << chunk.status();
      plain.append(crypto::AsText(chunk->Expose(crypto::AllowSecretAccess())));
      rest = rest.subspan(size);
    }
    return plain;
  }
  // Writes the files into an empty folder.
  BackupManifest Unpack(std::span<const uint8_t> file,
                        const std::string& folder) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder + "/ledger");
    const std::string plain = Decrypt(file);
    std::span<const uint8_t> rest = crypto::AsBytes(plain);
    while (rest[0] == static_cast<uint8_t>(BackupPart::kFile)) {
      const auto header = **DecodeBackupFile(rest.subspan(1));
      rest = rest.subspan(BackupFileHeader::kFixedBytes + header.name.size());
      const std::string path = folder + "/" + header.name;
      std::ofstream(path) << crypto::AsText(rest.first(header.length));
      std::filesystem::resize_file(path, header.size);
      rest = rest.subspan(header.length);
    }
    const auto manifest = DecodeManifest(rest.subspan(1));
    EXPECT_TRUE(manifest.ok()) << manifest.status();
    return *manifest;
  }

  // Looks at the chapter that is opened from the backup, in chapter_'s place.
  void InRestored(std::span<const uint8_t> file,
                  const std::function<void()>& look) {
    const std::string other = scratch_ / "restored";
    manifest_ = Unpack(file, other);
    auto chapter = std::move(chapter_);
    const auto folder = std::exchange(folder_, other);
    auto keyring = std::exchange(keyring_, unpacked_keyring_->Clone());
    const absl::Status opened = Open(/*create=*/false);
    EXPECT_TRUE(opened.ok()) << opened;
    if (opened.ok()) look();
    chapter_ = std::move(chapter);
    folder_ = folder;
    keyring_ = std::move(keyring);
  }

  std::optional<crypto::Keyring> unpacked_keyring_;
  BackupManifest manifest_;
};

TEST_F(BackupTest, HoldsAllOfTheMomentAndNothingLater) {
  ASSERT_TRUE(Put(Seal(300)).ok());
  const store::Revision revision = *chapter_->store().LastRevision();
  const Head head = chapter_->ledger().head();
  auto backup = Begin();
  ASSERT_TRUE(backup.ok()) << backup.status();
  ASSERT_TRUE(Put(Seal(100)).ok());
  const store::Bytes file = ReadAll(**backup);
  EXPECT_TRUE((*backup)->Next()->empty());
  InRestored(file, [&] {
    EXPECT_EQ(Opened(), 300u);
    EXPECT_TRUE(chapter_->CheckMembers().ok());
    EXPECT_EQ(*chapter_->store().LastRevision(), revision);
    EXPECT_EQ(chapter_->ledger().head().number, head.number);
  });
  EXPECT_EQ(manifest_.revision, revision);
  EXPECT_EQ(manifest_.members, 300u);
  EXPECT_EQ(manifest_.ledger.number, head.number);
  EXPECT_EQ(manifest_.ledger.leaf, head.leaf);
  EXPECT_EQ(manifest_.keyring_generation, keyring_.generation());
  EXPECT_EQ(manifest_.created, clock_.Now());
}

TEST_F(BackupTest, IsRecordedBeforeItsFirstByte) {
  const auto backup = Begin();
  ASSERT_TRUE(backup.ok()) << backup.status();
  const Ledger& ledger = chapter_->ledger();
  const EntryHeader entry = ledger.Read(ledger.head().number)->header;
  EXPECT_EQ(entry.action, Action::kBackUp);
  EXPECT_EQ(entry.subject, (*backup)->facts().id);
  EXPECT_EQ(entry.actor, admin_.principal);
}

TEST_F(BackupTest, NobodyWhoIsRevokedMeanwhileGetsOne) {
  const Caller second = Enrol("Bea", Role::kAdmin);
  ASSERT_TRUE(chapter_->access_control()
                  .RevokeDevice(admin_, second.device, NewRequest())
                  .ok());
  const auto backup = chapter_->backups().Begin(second);
  EXPECT_EQ(ReasonOf(backup.status()), Reason::kDeviceRevoked);
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/members.backup.db"));
  EXPECT_TRUE(Begin().ok());
}

TEST_F(BackupTest, EndsSoonWhenTheServerDoes) {
  rotation().Interrupt();
  EXPECT_EQ(Begin().status().code(), StatusCode::kCancelled);
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/members.backup.db"));
}

TEST_F(BackupTest, OneAtATime) {
  auto first = Begin();
  ASSERT_TRUE(first.ok());
  const auto second = Begin();
  EXPECT_EQ(second.status().code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(second.status()), Reason::kBackupRunning);
  first->reset();
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/members.backup.db"));
  EXPECT_TRUE(Begin().ok());
}

// A crash at that moment, and a start: whatever was about to be done is.
TEST_F(BackupTest, AtEveryStepOfEveryRotation) {
  for (const RotationWork work :
       {RotationWork::kRewrap, RotationWork::kReencrypt, RotationWork::kReindex,
        RotationWork::kRekeyPages, RotationWork::kRekeyLedger}) {
    ASSERT_TRUE(Put(Seal(50)).ok());
    const size_t members = Opened();
    ASSERT_TRUE(Start(work).ok());
    absl::StatusOr<bool> more = true;
    for (int step = 0; more.ok() && *more && step < 50; ++step) {
      SCOPED_TRACE(testing::Message()
                   << RotationWorkName(work) << ", step " << step);
      auto backup = Begin();
      ASSERT_TRUE(backup.ok()) << backup.status();
      const store::Bytes file = ReadAll(**backup);
      backup->reset();
      InRestored(file, [&] {
        EXPECT_TRUE(Run().ok());
        EXPECT_FALSE(rotation().Status()->rotation);
        EXPECT_EQ(Opened(), members);
        EXPECT_TRUE(chapter_->CheckMembers().ok());
      });
      more = rotation().Step();
    }
    EXPECT_TRUE(more.ok()) << more.status();
    EXPECT_FALSE(rotation().Status()->rotation);
    EXPECT_EQ(Opened(), members);
  }
}

TEST_F(BackupTest, WhileMembersAreAddedAndKeysRotated) {
  ASSERT_TRUE(Put(Seal(200)).ok());
  ASSERT_TRUE(Start(RotationWork::kRewrap).ok());
  std::atomic<bool> enough = false;
  std::thread writer([&] {
    while (!enough) ASSERT_TRUE(Put(Seal(5)).ok());
  });
  std::thread rotator([&] {
    while (!enough) ASSERT_TRUE(rotation().Step().ok());
  });
  std::vector<store::Bytes> files;
  for (int i = 0; i < 3; ++i) {
    const auto backup = Begin();
    ASSERT_TRUE(backup.ok()) << backup.status();
    files.push_back(ReadAll(**backup));
  }
  enough = true;
  writer.join();
  rotator.join();
  for (const store::Bytes& file : files) {
    InRestored(file, [&] {
      EXPECT_EQ(Opened(), manifest_.members);
      EXPECT_TRUE(chapter_->CheckMembers().ok());
      EXPECT_TRUE(Run().ok());
    });
  }
}

}  // namespace
}  // namespace sodality::core
