// ReplaceFile under faults: whatever fails, and whenever the process dies, the
// file is wholly the old one or wholly the new one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "platform/file.h"
#include "tests/faults/fault_file_system.h"
#include "tests/scratch.h"

namespace sodality::platform {
namespace {

using faults::FaultFileSystem;
using faults::Operation;

constexpr uint64_t kLimit = 1 << 20;

class ReplaceFileTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(ReplaceFile(PosixFileSystem(), path_, old_).ok());
  }
  Bytes Content() const {
    auto content = ReadFile(PosixFileSystem(), path_, kLimit);
    EXPECT_TRUE(content.ok()) << content.status();
    return content.ok() ? *content : Bytes();
  }

  const Bytes old_ = Bytes(5000, 'o');
  const Bytes new_ = Bytes(3000, 'n');
  const Scratch scratch_;
  const std::string path_ = scratch_ / "file";
  FaultFileSystem fs_{PosixFileSystem()};
};

TEST_F(ReplaceFileTest, PutsTheNewContentAndLeavesNothingBeside) {
  ASSERT_TRUE(ReplaceFile(fs_, path_, new_).ok());
  EXPECT_EQ(Content(), new_);
  const std::string folder = path_.substr(0, path_.rfind('/'));
  EXPECT_THAT(*fs_.List(folder), testing::ElementsAre("file"));
}

TEST_F(ReplaceFileTest, SyncsTheFileBeforeTheNameAndTheFolderAfter) {
  ASSERT_TRUE(ReplaceFile(fs_, path_, new_).ok());
  EXPECT_EQ(fs_.Count(Operation::kSync), 1);
  EXPECT_EQ(fs_.Count(Operation::kRename), 1);
  EXPECT_EQ(fs_.Count(Operation::kSyncFolder), 1);
  fs_.Inject({.operation = Operation::kSync});
  ASSERT_FALSE(ReplaceFile(fs_, path_, old_).ok());
  EXPECT_EQ(fs_.Count(Operation::kRename), 0);
}

TEST_F(ReplaceFileTest, AFailureBeforeTheRenameLeavesTheOldFile) {
  for (Operation operation : {Operation::kOpen, Operation::kWrite,
                              Operation::kSync, Operation::kRename}) {
    fs_.Inject({.operation = operation,
                .status = absl::ResourceExhaustedError("full"),
                .torn_bytes = 100});
    const absl::Status failed = ReplaceFile(fs_, path_, new_);
    EXPECT_EQ(failed.code(), absl::StatusCode::kResourceExhausted);
    EXPECT_EQ(NothingReplaced(failed), operation != Operation::kRename);
    EXPECT_TRUE(fs_.Struck());
    EXPECT_EQ(Content(), old_);
  }
}

TEST_F(ReplaceFileTest, AFailureToSyncTheFolderIsNotCalledSuccess) {
  fs_.Inject({.operation = Operation::kSyncFolder});
  const absl::Status failed = ReplaceFile(fs_, path_, new_);
  EXPECT_EQ(failed.code(), absl::StatusCode::kUnavailable);
  EXPECT_FALSE(NothingReplaced(failed));
  EXPECT_FALSE(NothingReplaced(absl::OkStatus()));
}

TEST_F(ReplaceFileTest, WorksAgainAfterATornLongerWrite) {
  fs_.Inject({.operation = Operation::kWrite, .torn_bytes = 4000});
  ASSERT_FALSE(ReplaceFile(fs_, path_, old_).ok());
  ASSERT_TRUE(ReplaceFile(fs_, path_, new_).ok());
  EXPECT_EQ(Content(), new_);
}

TEST_F(ReplaceFileTest, KilledAnywhereTheFileIsWhollyOldOrWhollyNew) {
  int rounds = 0;
  for (bool struck = true; struck; ++rounds) {
    ASSERT_TRUE(ReplaceFile(PosixFileSystem(), path_, old_).ok());
    fs_.KillAt(rounds + 1, /*torn_bytes=*/1000);
    const absl::Status status = ReplaceFile(fs_, path_, new_);
    struck = fs_.Struck();
    EXPECT_NE(status.ok(), struck);
    const Bytes content = Content();
    EXPECT_TRUE(content == old_ || content == new_) << "round " << rounds;
    EXPECT_TRUE(!status.ok() || content == new_);
  }
  EXPECT_EQ(rounds, 6);  // truncate, write, sync, rename, folder; then none.
}

// The double itself: a fault that does not strike would prove nothing.
TEST_F(ReplaceFileTest, FaultsStrikeOnceOrFromThenOn) {
  auto file = fs_.Open(path_, /*create=*/false);
  ASSERT_TRUE(file.ok());
  fs_.Inject({.operation = Operation::kWrite, .nth = 2});
  EXPECT_TRUE((*file)->WriteAt(0, new_).ok());
  EXPECT_FALSE((*file)->WriteAt(0, new_).ok());
  EXPECT_TRUE((*file)->WriteAt(0, new_).ok());
  fs_.Inject({.operation = Operation::kSync, .nth = 2, .sticky = true});
  EXPECT_TRUE((*file)->Sync().ok());
  EXPECT_FALSE((*file)->Sync().ok());
  EXPECT_FALSE((*file)->Sync().ok());
  EXPECT_EQ(fs_.Count(Operation::kSync), 3);
  fs_.Heal();
  EXPECT_TRUE((*file)->Sync().ok());
}

TEST_F(ReplaceFileTest, AfterAKillNothingWorksUntilHealed) {
  auto file = fs_.Open(path_, /*create=*/false);
  fs_.KillAt(1);
  EXPECT_TRUE((*file)->ReadAt(0, 1).ok());
  EXPECT_FALSE((*file)->Sync().ok());
  EXPECT_FALSE((*file)->ReadAt(0, 1).ok());
  EXPECT_FALSE(fs_.Open(path_, /*create=*/false).ok());
  fs_.Heal();
  EXPECT_TRUE((*file)->ReadAt(0, 1).ok());
}

}  // namespace
}  // namespace sodality::platform
