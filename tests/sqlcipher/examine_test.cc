// A database that is looked at without a trace.
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "tests/sqlcipher/database_fixture.h"

namespace sodality::sqlcipher {
namespace {

using absl::StatusCode;

// A closed database whose newest row is in the log alone.
class ExamineTest : public DatabaseFixture {
 protected:
  ExamineTest() {
    MakeDatabase();
    auto db = Open(OpenMode::kReadWrite);
    EXPECT_TRUE(db->Execute("INSERT INTO t VALUES('newer')").ok());
  }
  std::map<std::string, std::string> Files() {
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(
             std::filesystem::path(path_).parent_path())) {
      files[entry.path()] = ReadAll(entry.path());
    }
    return files;
  }
  void ExpectRows(int64_t count) {
    const auto before = Files();
    {
      auto one = Open(OpenMode::kExamine);
      auto other = Open(OpenMode::kExamine);
      ASSERT_TRUE(one.ok()) << one.status();
      ASSERT_TRUE(other.ok()) << other.status();
      EXPECT_EQ(one->QueryInt("SELECT count(*) FROM t").value(), count);
      EXPECT_EQ(other->QueryInt("SELECT count(*) FROM t").value(), count);
      EXPECT_EQ(one->QueryInt("PRAGMA temp_store").value(), 2);
      EXPECT_FALSE(one->Execute("INSERT INTO t VALUES('x')").ok());
      EXPECT_EQ(one->Checkpoint(CheckpointMode::kTruncate).status().code(),
                StatusCode::kFailedPrecondition);
    }
    EXPECT_EQ(Files(), before);
  }
};

TEST_F(ExamineTest, SeesTheLogAndChangesNoFile) { ExpectRows(2); }

TEST_F(ExamineTest, SeesTheLogWithoutItsIndex) {
  std::filesystem::remove(path_ + "-shm");
  ExpectRows(2);
}

TEST_F(ExamineTest, MakesNoLogWhereThereIsNone) {
  std::filesystem::remove(path_ + "-shm");
  std::filesystem::remove(path_ + "-wal");
  ExpectRows(1);
}

TEST_F(ExamineTest, NamesThePagesInTheLog) {
  auto db = Open(OpenMode::kExamine);
  ASSERT_TRUE(db.ok()) << db.status();
  EXPECT_EQ(db->PagesInLog().value(), std::set<uint32_t>{2});
  std::filesystem::remove(path_ + "-wal");
  EXPECT_TRUE(db->PagesInLog().value().empty());
}

// SQLite deletes the log that it finds beside an empty file.
TEST_F(ExamineTest, AnEmptyFileIsRefusedAndItsLogKept) {
  std::filesystem::resize_file(path_, 0);
  const auto before = Files();
  for (const OpenMode mode :
       {OpenMode::kExamine, OpenMode::kReadOnly, OpenMode::kReadWrite}) {
    EXPECT_EQ(OpenCode(mode), StatusCode::kDataLoss);
  }
  EXPECT_EQ(Files(), before);
}

}  // namespace
}  // namespace sodality::sqlcipher
