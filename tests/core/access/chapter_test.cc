// What a start makes of files that were put back, taken out or left behind.
#include <gmock/gmock.h>

#include <fstream>
#include <map>

#include "tests/core/access/chapter_fixture.h"

namespace sodality::core {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

class ChapterTest : public ChapterFixture {
 protected:
  void SetUp() override { SetUpAdmin(); }
  std::string Aside() const { return folder_ + "-aside"; }
  void Snapshot() {
    chapter_.reset();
    fs::remove_all(Aside());
    fs::copy(folder_, Aside(), fs::copy_options::recursive);
    ASSERT_TRUE(Open(/*create=*/false).ok());
  }
  void PutBack(const std::string& name) {
    fs::remove_all(folder_ + "/" + name);
    fs::copy(Aside() + "/" + name, folder_ + "/" + name,
             fs::copy_options::recursive);
  }
  void PutBackDatabase() {
    for (const char* name :
         {"/members.db-wal", "/members.db-shm", "/members.db"}) {
      fs::remove(folder_ + name);
    }
    PutBack("members.db");
  }
  void Write() {
    ASSERT_TRUE(chapter_->access_control()
                    .CreateInvite(admin_, Inviting("Dora", Role::kAuditor))
                    .ok());
  }
  // Database, log and ledger, byte for byte.
  std::map<std::string, std::string> Kept() {
    std::map<std::string, std::string> files;
    for (const auto& file : fs::recursive_directory_iterator(folder_)) {
      if (!file.is_regular_file() || file.path().extension() == ".db-shm") {
        continue;
      }
      files[file.path()] = ReadAll(file.path());
    }
    return files;
  }
  absl::Status Restart() { return Open(/*create=*/false); }
};

TEST_F(ChapterTest, ComesBackAsItWas) {
  Write();
  ASSERT_TRUE(Restart().ok());
  EXPECT_EQ(chapter_->access().principals().size(), 2u);
  EXPECT_TRUE(chapter_->CheckMembers().ok());
  Write();
  EXPECT_TRUE(Restart().ok());
}

TEST_F(ChapterTest, OlderDatabaseIsRefusedByName) {
  Snapshot();
  Write();
  chapter_.reset();
  PutBackDatabase();
  const absl::Status s = Restart();
  EXPECT_EQ(s.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(s.message()),
              HasSubstr("the database is older than the ledger"));
}

TEST_F(ChapterTest, OlderLedgerIsRefusedByName) {
  Snapshot();
  Write();
  Write();
  chapter_.reset();
  PutBack("ledger");
  const absl::Status s = Restart();
  EXPECT_EQ(s.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(s.message()),
              HasSubstr("the ledger is older than the database"));
}

TEST_F(ChapterTest, LedgerThatWentAnotherWayIsRefusedByName) {
  Snapshot();
  Write();
  Write();
  chapter_.reset();
  // The other way: the same beginning, other entries, as many and more.
  fs::copy(folder_, folder_ + "-first", fs::copy_options::recursive);
  PutBack("ledger");
  PutBackDatabase();
  ASSERT_TRUE(Restart().ok());
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(chapter_->Record({}).ok());
  chapter_.reset();
  fs::remove_all(Aside());
  fs::rename(folder_ + "-first", Aside());
  PutBackDatabase();
  const absl::Status s = Restart();
  EXPECT_EQ(s.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(s.message()), HasSubstr("not the one"));
}

// As a kill between the two commits leaves it: the store has the write, and
// its entry is in the outbox alone.
TEST_F(ChapterTest, ReplaysWhatTheLedgerMissed) {
  Snapshot();
  const uint64_t before = chapter_->ledger().head().number;
  Write();
  const std::string live = folder_ + "-live";
  fs::copy(folder_, live, fs::copy_options::recursive);
  chapter_.reset();
  fs::remove_all(folder_);
  fs::rename(live, folder_);
  PutBack("ledger");
  ASSERT_TRUE(Restart().ok());
  EXPECT_EQ(chapter_->ledger().head().number, before + 1);
  EXPECT_EQ(chapter_->ledger().head().revision,
            *chapter_->store().LastRevision());
  ASSERT_TRUE(Restart().ok());
  EXPECT_EQ(chapter_->ledger().head().number, before + 1) << "nothing twice";
}

TEST_F(ChapterTest, LedgerWithoutItsLastEntryIsRefusedByName) {
  Snapshot();
  Write();
  chapter_.reset();  // The outbox is empty now: the ledger had the entry.
  PutBack("ledger");
  const absl::Status s = Restart();
  EXPECT_EQ(s.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(s.message()),
              HasSubstr("the ledger is older than the database"));
}

// Reveals write nothing to the database but the ledger's index.
TEST_F(ChapterTest, LedgerShorterThanItsIndexIsRefusedByName) {
  Snapshot();
  ASSERT_TRUE(chapter_->Record({}).ok());
  ASSERT_TRUE(chapter_->ledger_reader().UpdateIndex().ok());
  chapter_.reset();
  PutBack("ledger");
  const absl::Status s = Restart();
  EXPECT_EQ(s.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(s.message()),
              HasSubstr("the ledger is older than the database"));
}

// It is ahead while a rotation is starting alone: key_rotation_test.cc.
TEST_F(ChapterTest, AKeyringAheadOfTheDatabaseIsRefusedByName) {
  keyring_.Rotate(crypto::KeyKind::kWrap, clock_.Now(), crypto::SystemRandom());
  const absl::Status refused = Restart();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()),
              HasSubstr("the database is older than the keyring"));
}

TEST_F(ChapterTest, AllButTheKeyringFromBeforeTheLastRotationIsRefused) {
  for (const RotationWork work :
       {RotationWork::kRewrap, RotationWork::kReindex}) {
    Snapshot();
    KeyRotation& rotation = chapter_->key_rotation();
    ASSERT_TRUE(rotation.Start(admin_, work, NewRequest()).ok());
    while (*rotation.Step()) {
    }
    chapter_.reset();
    const std::string now = folder_ + "-now";
    fs::rename(folder_, now);
    fs::copy(Aside(), folder_, fs::copy_options::recursive);
    const absl::Status refused = Restart();
    EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(refused.message()),
                HasSubstr("the database is older than the keyring"));
    fs::remove_all(folder_);
    fs::rename(now, folder_);
    ASSERT_TRUE(Restart().ok());
  }
}

TEST_F(ChapterTest, RecordedActsHaveEntriesOfTheirOwn) {
  EntryDraft unsealed;
  unsealed.action = Action::kUnseal;
  ASSERT_TRUE(chapter_->Record(unsealed).ok());
  const auto entry = chapter_->ledger().Read(chapter_->ledger().head().number);
  ASSERT_TRUE(entry.ok());
  EXPECT_EQ(entry->header.action, Action::kUnseal);
}

// What a kill leaves: the newest commits are in the write-ahead log alone.
TEST_F(ChapterTest, AFlippedBitOfTheLogIsNamedOrChangesNothing) {
  for (int i = 0; i < 3; ++i) Write();
  const size_t people = chapter_->access().principals().size();
  fs::remove_all(Aside());
  fs::copy(folder_, Aside(), fs::copy_options::recursive);
  const std::string kLog = "/members.db-wal";
  constexpr size_t kHeader = 32;
  constexpr size_t kFrame = 24 + 4096;
  const size_t frames = (fs::file_size(Aside() + kLog) - kHeader) / kFrame;
  ASSERT_GT(frames, 10u);
  int refused = 0;
  for (size_t frame = 0; frame < frames; ++frame) {
    chapter_.reset();
    fs::remove_all(folder_);
    fs::copy(Aside(), folder_, fs::copy_options::recursive);
    {
      // Of its header (page, commit, salts, checksums) or of its page.
      const size_t at = kHeader + frame * kFrame +
                        (frame % 2 == 0 ? frame % 24 : 24 + frame * 97 % 4096);
      std::fstream log(folder_ + kLog,
                       std::ios::in | std::ios::out | std::ios::binary);
      log.seekg(static_cast<std::streamoff>(at));
      const auto byte = static_cast<char>(log.get() ^ (1 << frame % 8));
      log.seekp(static_cast<std::streamoff>(at));
      log.put(byte);
    }
    const auto before = Kept();
    const absl::Status s = Restart();
    if (s.ok()) {
      EXPECT_EQ(chapter_->access().principals().size(), people) << frame;
      EXPECT_TRUE(chapter_->CheckMembers().ok()) << frame;
      continue;
    }
    ++refused;
    EXPECT_TRUE(absl::IsFailedPrecondition(s) || absl::IsDataLoss(s)) << s;
    EXPECT_THAT(std::string(s.message()), HasSubstr("database")) << s;
    EXPECT_EQ(Kept(), before) << frame;
  }
  EXPECT_GT(refused, 10);
}

}  // namespace
}  // namespace sodality::core
