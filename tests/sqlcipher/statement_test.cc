// Statements: what is bound and read, and what their errors say.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "tests/sqlcipher/database_fixture.h"

namespace sodality::sqlcipher {
namespace {

using absl::StatusCode;

using StatementTest = DatabaseFixture;

TEST_F(StatementTest, ErrorsNeverQuoteTheStatement) {
  auto db = Open(OpenMode::kCreate);
  ASSERT_TRUE(db.ok());
  const absl::Status unknown =
      db->Execute("SELECT 'hunter2' FROM absent_table");
  const absl::Status malformed = db->Prepare("SELEC 'hunter2'").status();
  for (const absl::Status& status : {unknown, malformed}) {
    EXPECT_EQ(status.code(), StatusCode::kInternal);
    EXPECT_EQ(std::string(status.message()).find("hunter2"), std::string::npos);
    EXPECT_EQ(std::string(status.message()).find("absent"), std::string::npos);
  }
}

TEST_F(StatementTest, ConstraintsAreAlreadyExists) {
  auto db = Open(OpenMode::kCreate);
  ASSERT_TRUE(db.ok());
  ASSERT_TRUE(db->Execute("CREATE TABLE t(a INTEGER PRIMARY KEY)").ok());
  auto insert = db->Prepare("INSERT INTO t VALUES(?)");
  ASSERT_TRUE(insert.ok());
  EXPECT_TRUE(insert->Bind(1, int64_t{7}).Run().ok());
  EXPECT_EQ(insert->Bind(1, int64_t{7}).Run().code(),
            StatusCode::kAlreadyExists);
  EXPECT_TRUE(insert->Bind(1, int64_t{8}).Run().ok());
}

TEST_F(StatementTest, ValuesComeBackAsBound) {
  auto db = Open(OpenMode::kCreate);
  ASSERT_TRUE(db.ok());
  auto select = db->Prepare("SELECT ?, ?, ?, ?");
  ASSERT_TRUE(select.ok());
  const std::vector<uint8_t> bytes = {0, 255, 0};
  select->Bind(1, uint64_t{0xffffffffffffffff})
      .Bind(2, bytes)
      .Bind(3, std::span<const uint8_t>())
      .Bind(4, "tex\0t");
  ASSERT_TRUE(select->Step().value());
  EXPECT_EQ(select->Uint(0), 0xffffffffffffffff);
  EXPECT_TRUE(std::ranges::equal(select->Blob(1), bytes));
  EXPECT_TRUE(select->Blob(2).empty());
  EXPECT_EQ(select->Text(3), "tex");
  EXPECT_FALSE(select->Step().value());
}

TEST_F(StatementTest, ABindOutOfRangeIsReportedByTheNextStepOnly) {
  auto db = Open(OpenMode::kCreate);
  ASSERT_TRUE(db.ok());
  auto select = db->Prepare("SELECT ?");
  ASSERT_TRUE(select.ok());
  EXPECT_FALSE(select->Bind(9, int64_t{1}).Step().ok());
  EXPECT_TRUE(select->Bind(1, int64_t{1}).Step().value());
}

}  // namespace
}  // namespace sodality::sqlcipher
