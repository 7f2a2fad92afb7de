// A database in a folder of its own, opened in each way.
#ifndef SODALITY_TESTS_SQLCIPHER_DATABASE_FIXTURE_H_
#define SODALITY_TESTS_SQLCIPHER_DATABASE_FIXTURE_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "sqlcipher/connection.h"
#include "tests/scratch.h"
#include "tests/sqlcipher/test_key.h"

namespace sodality::sqlcipher {

class DatabaseFixture : public testing::Test {
 protected:
  absl::StatusOr<Connection> Open(OpenMode mode) {
    return Connection::Open({path_, key_, mode});
  }
  // A closed database with one row, folded into its file.
  void MakeDatabase() {
    auto db = Open(OpenMode::kCreate);
    ASSERT_TRUE(db.ok()) << db.status();
    ASSERT_TRUE(db->Execute("CREATE TABLE t(a BLOB); INSERT INTO t VALUES"
                            "('xyzzy-marker')")
                    .ok());
    ASSERT_TRUE(db->Checkpoint(CheckpointMode::kTruncate).ok());
  }
  absl::StatusCode OpenCode(OpenMode mode) {
    return Open(mode).status().code();
  }

  Scratch scratch_{Scratch::On::kMemory};
  const std::string path_ = scratch_ / "t.db";
  std::vector<uint8_t> key_ = TestKey();
};

}  // namespace sodality::sqlcipher

#endif  // SODALITY_TESTS_SQLCIPHER_DATABASE_FIXTURE_H_
