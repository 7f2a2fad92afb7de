// A database that is copied under another key while it is written to.
#include "sqlcipher/copy.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "sqlcipher/transaction.h"
#include "tests/faults/fault_vfs.h"
#include "tests/sqlcipher/database_fixture.h"

namespace sodality::sqlcipher {
namespace {

using absl::StatusCode;
using faults::FaultKind;
using faults::FaultVfs;
using faults::Operation;

constexpr int kRows = 300;

class CopyTest : public DatabaseFixture {
 protected:
  void SetUp() override {
    auto db = Open(OpenMode::kCreate);
    ASSERT_TRUE(db.ok()) << db.status();
    source_.emplace(*std::move(db));
    ASSERT_TRUE(source_->Execute("CREATE TABLE t(a INTEGER, b BLOB)").ok());
    for (int i = 0; i < kRows; ++i) Write(i);
    other_key_[0] ^= 0xff;
    other_key_[kKeyBytes] ^= 0xff;
  }
  void TearDown() override { FaultVfs::Installed().Disarm(); }

  // Two pages of content, by which it is found again.
  void Write(int i) {
    EXPECT_TRUE(
        source_
            ->Execute(absl::StrCat("REPLACE INTO t(rowid, a, b) VALUES(", i + 1,
                                   ", ", i,
                                   ", 'xyzzy-marker' || zeroblob(6000))")
                          .c_str())
            .ok());
  }
  absl::StatusOr<Copy> Begin() {
    return Copy::Begin(*source_, copy_path_, other_key_);
  }
  absl::StatusOr<Connection> OpenCopy() {
    return Connection::Open({copy_path_, other_key_, OpenMode::kReadWrite});
  }
  static int64_t Sum(Connection& db) {
    return db.QueryInt("SELECT sum(a * rowid) FROM t").value_or(-1);
  }

  std::optional<Connection> source_;
  const std::string copy_path_ = scratch_ / "copy.db";
  std::vector<uint8_t> other_key_ = TestKey();
};

TEST_F(CopyTest, HasWhatIsWrittenMeanwhile) {
  auto copy = Begin();
  ASSERT_TRUE(copy.ok()) << copy.status();
  bool whole = false;
  int steps = 0;
  while (!whole) {
    const auto step = copy->Step(16);
    ASSERT_TRUE(step.ok()) << step.status();
    whole = *step;
    if (whole) break;
    EXPECT_GT(copy->progress().done, 0u);
    EXPECT_LE(copy->progress().done, copy->progress().total);
    // What is copied already, and what is not yet there.
    if (++steps < 20) {
      Write(steps);
      Write(kRows + steps);
      ASSERT_TRUE(
          source_
              ->Execute(absl::StrCat("UPDATE t SET a = a + 7 WHERE a = ", steps)
                            .c_str())
              .ok());
      if (steps % 5 == 0) {
        ASSERT_TRUE(source_->Checkpoint(CheckpointMode::kRestart).ok());
      }
    }
  }
  EXPECT_GT(steps, 20);
  const int64_t at_the_end = Sum(*source_);
  Write(9999);  // Not in it any more.
  auto opened = OpenCopy();
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(Sum(*opened), at_the_end);
  EXPECT_EQ(opened->QueryTexts("PRAGMA integrity_check").value(),
            std::vector<std::string>{"ok"});
  EXPECT_TRUE(opened->QueryTexts("PRAGMA cipher_integrity_check")->empty());
  EXPECT_TRUE(opened->Execute("INSERT INTO t VALUES(1, 2)").ok());
}

TEST_F(CopyTest, OpensUnderTheNewKeyAlone) {
  auto copy = Begin();
  ASSERT_TRUE(copy->Step(-1).value());
  EXPECT_EQ(
      Connection::Open({copy_path_, key_, OpenMode::kReadOnly}).status().code(),
      StatusCode::kPermissionDenied);
  std::ifstream file(copy_path_, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  EXPECT_GT(bytes.size(), 6000u * kRows);
  EXPECT_EQ(bytes.find("xyzzy-marker"), std::string::npos);
  EXPECT_EQ(
      std::filesystem::status(copy_path_).permissions(),
      std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_FALSE(std::filesystem::exists(copy_path_ + "-journal"));
}

TEST_F(CopyTest, WritesOverNoFile) {
  std::ofstream(copy_path_) << "somebody's";
  EXPECT_EQ(Begin().status().code(), StatusCode::kAlreadyExists);
  std::ifstream file(copy_path_);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}),
            "somebody's");
}

// The source never notices.
TEST_F(CopyTest, AFullDiskEndsTheCopyAlone) {
  for (const FaultKind kind : {FaultKind::kDiskFull, FaultKind::kInputOutput}) {
    for (int after = 0;; after += 25) {
      ASSERT_TRUE(RemoveDatabase(copy_path_).ok());
      FaultVfs::Installed().Arm(
          {kind, Operation::kWriteOrSync, after, /*sticky=*/true});
      bool whole = false;
      absl::Status status;
      {
        auto copy = Begin();
        status = copy.status();
        while (status.ok() && !whole) {
          const auto step = copy->Step(64);
          status = step.status();
          whole = step.ok() && *step;
        }
      }
      const bool struck = FaultVfs::Installed().struck();
      FaultVfs::Installed().Disarm();
      EXPECT_EQ(struck, !whole) << status;
      EXPECT_GT(Sum(*source_), 0);
      Write(after);
      if (!struck) break;
      EXPECT_EQ(status.code(), kind == FaultKind::kDiskFull
                                   ? StatusCode::kResourceExhausted
                                   : StatusCode::kUnavailable);
    }
  }
}

TEST_F(CopyTest, RemovesADatabaseAndItsLog) {
  auto copy = Begin();
  ASSERT_TRUE(copy->Step(-1).value());
  {
    auto opened = OpenCopy();
    ASSERT_TRUE(opened->Execute("INSERT INTO t VALUES(1, 2)").ok());
  }
  EXPECT_TRUE(std::filesystem::exists(copy_path_ + "-wal"));
  EXPECT_TRUE(RemoveDatabase(copy_path_).ok());
  for (const char* end : {"", "-wal", "-shm"}) {
    EXPECT_FALSE(std::filesystem::exists(copy_path_ + end)) << end;
  }
  EXPECT_TRUE(RemoveDatabase(copy_path_).ok());
}

// What would go on for ever, whether or not it has begun.
TEST_F(CopyTest, WhatRunsIsStoppedFromAnotherThread) {
  std::atomic<bool> stop = false;
  source_->StopWhen(stop);
  EXPECT_GT(Sum(*source_), 0);
  std::thread stopper([&] { stop = true; });
  const auto counted = source_->QueryInt(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
      " SELECT max(i) FROM n");
  stopper.join();
  EXPECT_EQ(counted.status().code(), StatusCode::kCancelled);
  EXPECT_EQ(source_->QueryTexts("PRAGMA integrity_check").status().code(),
            StatusCode::kCancelled);
  stop = false;
  EXPECT_GT(Sum(*source_), 0);
}

TEST_F(CopyTest, DamageInTheSourceIsNamedAsSuch) {
  ASSERT_TRUE(source_->Checkpoint(CheckpointMode::kTruncate).ok());
  source_.reset();
  {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(400'000);
    file.write("xyz", 3);
  }
  source_.emplace(*Open(OpenMode::kReadWrite));
  auto copy = Begin();
  absl::Status status;
  while (status.ok()) status = copy->Step(16).status();
  EXPECT_EQ(status.code(), StatusCode::kDataLoss) << status;
}

}  // namespace
}  // namespace sodality::sqlcipher
