#include "sqlcipher/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <utility>

namespace sodality::sqlcipher {
namespace {

TEST(ErrorTest, OkIsOk) { EXPECT_TRUE(ToStatus(SQLITE_OK, "x").ok()); }

TEST(ErrorTest, CodesAreMapped) {
  using Code = absl::StatusCode;
  const std::pair<int, Code> kTable[] = {
      {SQLITE_FULL, Code::kResourceExhausted},
      {SQLITE_NOMEM, Code::kResourceExhausted},
      {SQLITE_IOERR_SHMSIZE, Code::kResourceExhausted},
      {SQLITE_IOERR_NOMEM, Code::kResourceExhausted},
      {SQLITE_IOERR, Code::kUnavailable},
      {SQLITE_IOERR_FSYNC, Code::kUnavailable},
      {SQLITE_IOERR_WRITE, Code::kUnavailable},
      {SQLITE_CANTOPEN, Code::kUnavailable},
      {SQLITE_CORRUPT, Code::kDataLoss},
      {SQLITE_CORRUPT_INDEX, Code::kDataLoss},
      {SQLITE_NOTADB, Code::kDataLoss},
      {SQLITE_CONSTRAINT, Code::kAlreadyExists},
      {SQLITE_CONSTRAINT_PRIMARYKEY, Code::kAlreadyExists},
      {SQLITE_TOOBIG, Code::kInvalidArgument},
      {SQLITE_READONLY, Code::kFailedPrecondition},
      {SQLITE_BUSY, Code::kFailedPrecondition},
      {SQLITE_BUSY_SNAPSHOT, Code::kFailedPrecondition},
      {SQLITE_INTERRUPT, Code::kCancelled},
      {SQLITE_ERROR, Code::kInternal},
      {SQLITE_MISUSE, Code::kInternal},
      {12345, Code::kInternal},
  };
  for (const auto& [sqlite, expected] : kTable) {
    EXPECT_EQ(ToStatus(sqlite, "x").code(), expected) << sqlite;
  }
}

TEST(ErrorTest, TheTextNamesTheActAndTheExtendedCode) {
  const std::string text(ToStatus(SQLITE_IOERR_FSYNC, "commit").message());
  EXPECT_THAT(text, testing::StartsWith("commit: "));
  EXPECT_THAT(text, testing::HasSubstr("1034"));
}

}  // namespace
}  // namespace sodality::sqlcipher
