#include "sqlcipher/connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/faults/fault_vfs.h"
#include "tests/sqlcipher/database_fixture.h"

namespace sodality::sqlcipher {
namespace {

using absl::StatusCode;
using testing::HasSubstr;

std::string Hex(const std::vector<uint8_t>& bytes) {
  std::string text;
  for (const uint8_t byte : bytes) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

// A byte of a ciphertext can be any already: it is changed, not set.
void Damage(const std::string& path, std::streamoff at) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(at);
  const auto byte = static_cast<char>(file.get() ^ 1);
  file.seekp(at);
  file.put(byte);
}

using ConnectionTest = DatabaseFixture;

TEST_F(ConnectionTest, EveryRuleHoldsOnBothKindsOfConnection) {
  MakeDatabase();
  for (const OpenMode mode : {OpenMode::kReadWrite, OpenMode::kReadOnly}) {
    auto db = Open(mode);
    ASSERT_TRUE(db.ok()) << db.status();
    EXPECT_EQ(db->QueryInt("PRAGMA temp_store").value(), 2);
    EXPECT_EQ(db->QueryInt("PRAGMA synchronous").value(), 2);
    EXPECT_EQ(db->QueryTexts("PRAGMA journal_mode").value().at(0), "wal");
    EXPECT_EQ(db->QueryInt("PRAGMA wal_autocheckpoint").value(), 0);
    EXPECT_EQ(db->QueryInt("PRAGMA secure_delete").value(), 1);
    EXPECT_EQ(db->QueryInt("PRAGMA trusted_schema").value(), 0);
    EXPECT_EQ(db->QueryInt("PRAGMA auto_vacuum").value(), 0);
    EXPECT_EQ(db->QueryInt("PRAGMA cell_size_check").value(), 1);
  }
}

TEST_F(ConnectionTest, ADatabaseWithAutoVacuumIsRefusedByName) {
  // Made without the rules: this wrapper cannot make one.
  const std::string key_text = "x'" + Hex(key_) + "'";
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &raw), SQLITE_OK);
  ASSERT_EQ(sqlite3_key_v2(raw, "main", key_text.data(),
                           static_cast<int>(key_text.size())),
            SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(raw, "PRAGMA auto_vacuum=FULL; CREATE TABLE t(a)",
                         nullptr, nullptr, nullptr),
            SQLITE_OK);
  ASSERT_EQ(sqlite3_close(raw), SQLITE_OK);
  const absl::Status refused = Open(OpenMode::kReadWrite).status();
  EXPECT_EQ(refused.code(), StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("auto_vacuum"));
}

TEST_F(ConnectionTest, ADatabaseWithoutWriteAheadLogIsRefusedToReaders) {
  {
    auto db = Open(OpenMode::kCreate);
    ASSERT_TRUE(db.ok());
    ASSERT_TRUE(
        db->Execute("CREATE TABLE t(a); PRAGMA journal_mode=DELETE").ok());
  }
  const absl::Status refused = Open(OpenMode::kReadOnly).status();
  EXPECT_EQ(refused.code(), StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("journal_mode"));
}

TEST_F(ConnectionTest, FilesAreForTheOwnerAlone) {
  auto db = Open(OpenMode::kCreate);
  ASSERT_TRUE(db.ok());
  ASSERT_TRUE(db->Execute("CREATE TABLE t(a)").ok());
  for (const char* end : {"", "-wal", "-shm"}) {
    struct stat info {};
    ASSERT_EQ(stat((path_ + end).c_str(), &info), 0) << end;
    EXPECT_EQ(info.st_mode & 0777, 0600u) << end;
  }
}

TEST_F(ConnectionTest, NothingIsReadableInTheFiles) {
  auto db = Open(OpenMode::kCreate);
  ASSERT_TRUE(db.ok());
  ASSERT_TRUE(
      db->Execute("CREATE TABLE t(a); INSERT INTO t VALUES('xyzzy-marker')")
          .ok());
  for (const char* end : {"", "-wal", "-shm"}) {
    const std::string bytes = ReadAll(path_ + end);
    EXPECT_EQ(bytes.find("xyzzy"), std::string::npos) << end;
    EXPECT_EQ(bytes.find("SQLite format"), std::string::npos) << end;
    EXPECT_EQ(bytes.find("CREATE"), std::string::npos) << end;
  }
  EXPECT_EQ(db->QueryTexts("SELECT a FROM t").value().at(0), "xyzzy-marker");
}

TEST_F(ConnectionTest, TheFileBeginsWithTheSalt) {
  MakeDatabase();
  const std::string bytes = ReadAll(path_);
  EXPECT_TRUE(std::equal(
      key_.begin() + kKeyBytes, key_.end(), bytes.begin(),
      [](uint8_t a, char b) { return a == static_cast<uint8_t>(b); }));
}

TEST_F(ConnectionTest, OnlyKeysOf48BytesAreTaken) {
  for (const size_t size : {0u, 32u, 47u, 49u}) {
    key_.assign(size, 1);
    EXPECT_EQ(OpenCode(OpenMode::kCreate), StatusCode::kInvalidArgument);
  }
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(ConnectionTest, AnAbsentFileIsMadeOnlyWhenAsked) {
  EXPECT_EQ(OpenCode(OpenMode::kReadOnly), StatusCode::kNotFound);
  EXPECT_EQ(OpenCode(OpenMode::kReadWrite), StatusCode::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(path_));
  EXPECT_TRUE(Open(OpenMode::kCreate).ok());
}

TEST_F(ConnectionTest, AKeyWithAnotherSaltIsAnotherFilesKey) {
  MakeDatabase();
  key_.back() ^= 1;
  EXPECT_EQ(OpenCode(OpenMode::kReadOnly), StatusCode::kPermissionDenied);
  EXPECT_EQ(OpenCode(OpenMode::kCreate), StatusCode::kPermissionDenied);
  key_.back() ^= 1;
  EXPECT_TRUE(Open(OpenMode::kReadOnly).ok());
}

TEST_F(ConnectionTest, AWrongKeyUnderTheRightSaltIsToldAsDamageOrWrongKey) {
  MakeDatabase();
  key_.front() ^= 1;
  const absl::Status refused = Open(OpenMode::kReadWrite).status();
  EXPECT_EQ(refused.code(), StatusCode::kDataLoss);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("key wrong"));
}

TEST_F(ConnectionTest, ADamagedFirstPageIsDataLossAndStaysAsItIs) {
  MakeDatabase();
  Damage(path_, 2000);
  const std::string before = ReadAll(path_);
  EXPECT_EQ(OpenCode(OpenMode::kCreate), StatusCode::kDataLoss);
  EXPECT_EQ(ReadAll(path_), before);
}

TEST_F(ConnectionTest, DamageInAPageIsDataLossAndSaysNothingOnStandardError) {
  {
    auto db = Open(OpenMode::kCreate);
    ASSERT_TRUE(db.ok());
    ASSERT_TRUE(db->Execute("CREATE TABLE t(a INTEGER PRIMARY KEY, b);"
                            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT"
                            " i + 1 FROM n WHERE i < 100) INSERT INTO t"
                            " SELECT i, randomblob(1000) FROM n")
                    .ok());
    ASSERT_TRUE(db->Checkpoint(CheckpointMode::kTruncate).ok());
  }
  Damage(path_, 10 * 4096 + 77);
  testing::internal::CaptureStderr();
  auto db = Open(OpenMode::kReadOnly);
  ASSERT_TRUE(db.ok());
  EXPECT_EQ(db->QueryTexts("SELECT b FROM t").status().code(),
            StatusCode::kDataLoss);
  EXPECT_TRUE(db->QueryTexts("SELECT b FROM t WHERE a = 1").ok());
  key_[0] ^= 1;
  EXPECT_EQ(OpenCode(OpenMode::kReadOnly), StatusCode::kDataLoss);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST_F(ConnectionTest, APlaintextDatabaseOrATextFileIsRefused) {
  for (const std::string& content :
       {std::string("SQLite format 3") + std::string(5000, '\0'),
        std::string(8192, 'a'), std::string("short")}) {
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << content;
    const StatusCode code = OpenCode(OpenMode::kReadWrite);
    EXPECT_TRUE(code == StatusCode::kPermissionDenied ||
                code == StatusCode::kDataLoss)
        << static_cast<int>(code);
  }
}

TEST_F(ConnectionTest, AReaderCannotWrite) {
  MakeDatabase();
  auto db = Open(OpenMode::kReadOnly);
  ASSERT_TRUE(db.ok());
  EXPECT_EQ(db->Execute("INSERT INTO t VALUES(1)").code(),
            StatusCode::kFailedPrecondition);
  EXPECT_FALSE(db->Checkpoint(CheckpointMode::kTruncate).ok());
}

// A read-write connection that closes last would fold the log in behind the
// writer's back; so would a read-only one if it could.
TEST_F(ConnectionTest, ClosingNeverCheckpoints) {
  MakeDatabase();
  {
    auto db = Open(OpenMode::kReadWrite);
    ASSERT_TRUE(db.ok());
    ASSERT_TRUE(db->Execute("INSERT INTO t VALUES('later')").ok());
  }
  const std::string file = ReadAll(path_);
  const std::string log = ReadAll(path_ + "-wal");
  EXPECT_GT(log.size(), 4096u);
  {
    auto reader = Open(OpenMode::kReadOnly);
    ASSERT_TRUE(reader.ok()) << reader.status();
    EXPECT_EQ(reader->QueryInt("SELECT count(*) FROM t").value(), 2);
  }
  EXPECT_EQ(ReadAll(path_), file);
  EXPECT_EQ(ReadAll(path_ + "-wal"), log);
}

TEST_F(ConnectionTest, TheLogsLengthIsKnownAfterEachCommit) {
  auto db = Open(OpenMode::kCreate);
  ASSERT_TRUE(db.ok());
  ASSERT_TRUE(db->Execute("CREATE TABLE t(a)").ok());
  const int before = db->log_frames();
  EXPECT_GT(before, 0);
  ASSERT_TRUE(db->Execute("INSERT INTO t VALUES(1)").ok());
  EXPECT_GT(db->log_frames(), before);
  ASSERT_TRUE(db->Checkpoint(CheckpointMode::kTruncate).ok());
  EXPECT_EQ(db->log_frames(), 0);
}

// Debian's build would put this sort into /var/tmp, in plaintext.
TEST_F(ConnectionTest, ABigSortOpensNoTemporaryFile) {
  faults::FaultVfs& vfs = faults::FaultVfs::Installed();
  auto db = Open(OpenMode::kCreate);
  ASSERT_TRUE(db.ok());
  vfs.ResetCounts();
  constexpr const char* kSort =
      "CREATE TEMP TABLE s AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT"
      " i + 1 FROM n WHERE i < 20000) SELECT i, randomblob(400) AS r FROM n;"
      "CREATE TEMP TABLE sorted AS SELECT * FROM s ORDER BY r";
  ASSERT_TRUE(db->Execute(kSort).ok());
  EXPECT_EQ(vfs.temporary_files(), 0);
  // The watch works: without the rule, the same sort does spill.
  ASSERT_TRUE(db->Execute("DROP TABLE s; DROP TABLE sorted").ok());
  ASSERT_TRUE(db->Execute("PRAGMA temp_store=FILE").ok());
  ASSERT_TRUE(db->Execute(kSort).ok());
  EXPECT_GT(vfs.temporary_files(), 0);
}

}  // namespace
}  // namespace sodality::sqlcipher
