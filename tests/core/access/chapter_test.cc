// What a start makes of files that were put back, taken out or left behind.
#include <gmock/gmock.h>

#include "tests/core/access/chapter_fixture.h"

namespace sodality::core {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

class ChapterTest : public ChapterFixture {
 protected:
  void SetUp() override { SetUpAdmin(); }
  std::string Aside() const { return folder_ + "-aside"; }
  ~ChapterTest() override { fs::remove_all(Aside()); }
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

TEST_F(ChapterTest, RecordedActsHaveEntriesOfTheirOwn) {
  EntryDraft unsealed;
  unsealed.action = Action::kUnseal;
  ASSERT_TRUE(chapter_->Record(unsealed).ok());
  const auto entry = chapter_->ledger().Read(chapter_->ledger().head().number);
  ASSERT_TRUE(entry.ok());
  EXPECT_EQ(entry->header.action, Action::kUnseal);
}

}  // namespace
}  // namespace sodality::core
