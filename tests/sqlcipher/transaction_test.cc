#include "sqlcipher/transaction.h"

#include <gtest/gtest.h>

#include <optional>

#include "tests/scratch.h"
#include "tests/sqlcipher/test_key.h"

namespace sodality::sqlcipher {
namespace {

class TransactionTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened =
        Connection::Open({scratch_ / "t.db", TestKey(), OpenMode::kCreate});
    ASSERT_TRUE(opened.ok()) << opened.status();
    db_.emplace(*std::move(opened));
    ASSERT_TRUE(db_->Execute("CREATE TABLE t(a INTEGER PRIMARY KEY)").ok());
  }

  void Insert(const char* values) {
    const std::string sql = std::string("INSERT INTO t VALUES ") + values;
    ASSERT_TRUE(db_->Execute(sql.c_str()).ok());
  }
  int64_t Rows() { return db_->QueryInt("SELECT count(*) FROM t").value(); }

  Scratch scratch_{Scratch::On::kMemory};
  std::optional<Connection> db_;
};

TEST_F(TransactionTest, CommitKeepsAndTheDestructorUndoes) {
  {
    auto transaction = Transaction::Begin(*db_);
    ASSERT_TRUE(transaction.ok());
    Insert("(1)");
  }
  EXPECT_EQ(Rows(), 0);
  {
    auto transaction = Transaction::Begin(*db_);
    ASSERT_TRUE(transaction.ok());
    Insert("(1)");
    EXPECT_TRUE(transaction->Commit().ok());
  }
  EXPECT_EQ(Rows(), 1);
}

TEST_F(TransactionTest, ATransactionInsideATransactionIsRefused) {
  auto transaction = Transaction::Begin(*db_);
  ASSERT_TRUE(transaction.ok());
  EXPECT_FALSE(Transaction::Begin(*db_).ok());
}

TEST_F(TransactionTest, ASavepointIsUndoneAlone) {
  auto transaction = Transaction::Begin(*db_);
  ASSERT_TRUE(transaction.ok());
  Insert("(1)");
  {
    auto savepoint = Savepoint::Begin(*db_);
    ASSERT_TRUE(savepoint.ok());
    Insert("(2)");
    auto inner = Savepoint::Begin(*db_);
    ASSERT_TRUE(inner.ok());
    Insert("(3)");
    EXPECT_TRUE(inner->Release().ok());
  }
  auto kept = Savepoint::Begin(*db_);
  ASSERT_TRUE(kept.ok());
  Insert("(4)");
  EXPECT_TRUE(kept->Release().ok());
  EXPECT_TRUE(transaction->Commit().ok());
  EXPECT_EQ(Rows(), 2);
  EXPECT_EQ(db_->QueryInt("SELECT max(a) FROM t").value(), 4);
}

TEST_F(TransactionTest, ASnapshotDoesNotSeeLaterCommits) {
  auto other =
      Connection::Open({scratch_ / "t.db", TestKey(), OpenMode::kReadOnly});
  ASSERT_TRUE(other.ok()) << other.status();
  {
    auto snapshot = Snapshot::Begin(*other);
    ASSERT_TRUE(snapshot.ok());
    EXPECT_EQ(other->QueryInt("SELECT count(*) FROM t").value(), 0);
    Insert("(1)");
    EXPECT_EQ(other->QueryInt("SELECT count(*) FROM t").value(), 0);
  }
  EXPECT_EQ(other->QueryInt("SELECT count(*) FROM t").value(), 1);
}

TEST_F(TransactionTest, ARestartingCheckpointWaitsInVainForASnapshot) {
  auto other =
      Connection::Open({scratch_ / "t.db", TestKey(), OpenMode::kReadOnly});
  ASSERT_TRUE(other.ok());
  auto snapshot = Snapshot::Begin(*other);
  ASSERT_TRUE(snapshot.ok());
  ASSERT_TRUE(other->QueryInt("SELECT count(*) FROM t").ok());
  Insert("(1)");
  ASSERT_TRUE(db_->Execute("PRAGMA busy_timeout=1").ok());
  EXPECT_EQ(db_->Checkpoint(CheckpointMode::kTruncate).status().code(),
            absl::StatusCode::kFailedPrecondition);
  const auto passive = db_->Checkpoint(CheckpointMode::kPassive);
  ASSERT_TRUE(passive.ok()) << passive.status();
  EXPECT_LT(passive->done_frames, passive->log_frames);
}

}  // namespace
}  // namespace sodality::sqlcipher
