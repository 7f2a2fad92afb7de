#include "crypto/backup_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "crypto/keyring_codec.h"
#include "tests/crypto/seeded_random.h"

namespace sodality::crypto {
namespace {

using Bytes = std::vector<uint8_t>;
using absl::StatusCode;
constexpr platform::Timestamp kNow{1'790'000'000'000};

class BackupFileTest : public testing::Test {
 protected:
  BackupFileTest() {
    const Root root = Root::FromKeyFile(root_.Clone());
    file_ = SealKeyring(keyring_, {&root, 1}, random_).value();
  }
  // A backup of these bytes.
  void Seal(size_t size) {
    const auto opened = OpenKeyringToChange(file_, root_);
    auto sealer = BackupSealer::Begin(file_, opened->resealer, random_).value();
    head_ = sealer.head();
    Bytes text(size);
    for (size_t i = 0; i < size; ++i) text[i] = static_cast<uint8_t>(i * 7);
    plain_ = text;
    chunks_.clear();
    for (size_t at = 0; at < size; at += kBackupChunk) {
      const size_t most = std::min(kBackupChunk, size - at);
      chunks_.push_back(
          sealer.Seal(std::span(text).subspan(at, most), at + most == size));
    }
  }
  absl::StatusOr<Bytes> Open(const RootKey& root) const {
    auto opener = BackupOpener::Begin(head_, root);
    if (!opener.ok()) return opener.status();
    Bytes plain;
    for (size_t i = 0; i < chunks_.size(); ++i) {
      const auto chunk = opener->Open(chunks_[i], i + 1 == chunks_.size());
      if (!chunk.ok()) return chunk.status();
      const auto bytes = chunk->Expose(AllowSecretAccess());
      plain.insert(plain.end(), bytes.begin(), bytes.end());
    }
    return plain;
  }
  void ExpectDamaged(const char* what) const {
    const auto opened = Open(root_);
    EXPECT_EQ(opened.status().code(), StatusCode::kDataLoss) << what;
    EXPECT_EQ(opened.status().message(), "the backup is damaged") << what;
  }

  SeededRandom random_{11};
  const RootKey root_ = RootKey::Generate(random_);
  Keyring keyring_ = Keyring::Create({Bytes16{1}, {4, 12, 9}, kNow}, random_);
  Bytes file_;
  Bytes head_;
  Bytes plain_;
  std::vector<Bytes> chunks_;
};

TEST_F(BackupFileTest, GivesBackWhatWasSealed) {
  for (const size_t size : {size_t{1}, kBackupChunk - 1, kBackupChunk,
                            kBackupChunk + 1, 3 * kBackupChunk}) {
    Seal(size);
    const auto opened = Open(root_);
    ASSERT_TRUE(opened.ok()) << size << ": " << opened.status();
    EXPECT_EQ(*opened, plain_);
  }
}

TEST_F(BackupFileTest, HoldsTheKeyringItself) {
  Seal(10);
  const auto opener = BackupOpener::Begin(head_, root_);
  ASSERT_TRUE(opener.ok());
  EXPECT_EQ(opener->keyring().Infos(), keyring_.Infos());
  const auto file = BackupKeyring(head_);
  ASSERT_TRUE(file.ok());
  EXPECT_TRUE(
      std::equal(file->begin(), file->end(), file_.begin(), file_.end()));
}

TEST_F(BackupFileTest, OpensForNoOtherRoot) {
  Seal(10);
  EXPECT_EQ(Open(RootKey::Generate(random_)).status().code(),
            StatusCode::kPermissionDenied);
}

TEST_F(BackupFileTest, EveryBitOfTheHeadCounts) {
  Seal(10);
  const Bytes head = head_;
  for (size_t bit = 0; bit < 8 * head.size(); ++bit) {
    head_ = head;
    head_[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    EXPECT_FALSE(Open(root_).ok()) << "bit " << bit;
  }
}

TEST_F(BackupFileTest, EveryByteOfAChunkCounts) {
  Seal(100);
  const Bytes chunk = chunks_[0];
  for (size_t i = 0; i < chunk.size(); ++i) {
    chunks_[0] = chunk;
    chunks_[0][i] ^= 0x40;
    ExpectDamaged("a byte");
  }
  for (size_t size = 0; size < chunk.size(); ++size) {
    chunks_[0] = Bytes(chunk.begin(), chunk.begin() + static_cast<long>(size));
    ExpectDamaged("cut");
  }
}

TEST_F(BackupFileTest, ChunksStayWhereTheyAre) {
  Seal(3 * kBackupChunk);
  const auto whole = chunks_;
  std::swap(chunks_[0], chunks_[1]);
  ExpectDamaged("swapped");
  chunks_ = {whole[0], whole[2]};
  ExpectDamaged("left out");
  chunks_ = {whole[0], whole[1]};
  ExpectDamaged("cut off");
  chunks_ = {whole[0], whole[1], whole[1], whole[2]};
  ExpectDamaged("doubled");
  chunks_ = {whole[0], whole[1], whole[2], whole[2]};
  ExpectDamaged("something behind the last");
}

// The file key is the same, so that the chunks' key would be, too.
TEST_F(BackupFileTest, AnOlderKeyringDoesNotGoWithTheChunks) {
  Keyring changed = keyring_.Clone();
  changed.Rotate(KeyKind::kWrap, kNow, random_);
  const Bytes older = file_;
  file_ = OpenKeyringToChange(older, root_)->resealer.Seal(changed, random_);
  ASSERT_EQ(file_.size(), older.size() + 54);
  Seal(10);
  Bytes head(head_.begin(), head_.begin() + kBackupPrefix);
  head[34] = static_cast<uint8_t>(older.size());
  head[35] = static_cast<uint8_t>(older.size() >> 8);
  head.insert(head.end(), older.begin(), older.end());
  head_ = head;
  ExpectDamaged("an older keyring");
}

TEST_F(BackupFileTest, SaysWhatIsNoBackup) {
  Seal(10);
  const Bytes head = head_;
  for (size_t size = 0; size < kBackupPrefix; ++size) {
    EXPECT_EQ(BackupHeadSize(std::span(head).first(size)).status().code(),
              StatusCode::kDataLoss);
  }
  EXPECT_EQ(BackupHeadSize(head).value(), head.size());
  head_[16] = 2;
  EXPECT_EQ(BackupHeadSize(head_).status().code(),
            StatusCode::kFailedPrecondition);
  head_ = head;
  head_.pop_back();
  EXPECT_EQ(BackupKeyring(head_).status().message(),
            "these bytes are no backup");
  const auto opened = OpenKeyringToChange(file_, root_);
  for (const Bytes& file : {Bytes(), Bytes(kMaxBackupKeyring + 1)}) {
    EXPECT_EQ(
        BackupSealer::Begin(file, opened->resealer, random_).status().code(),
        StatusCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace sodality::crypto
