#include "platform/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <optional>
#include <string>
#include <utility>

#include "tests/scratch.h"

namespace sodality::platform {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// A folder of its own for each test.
class FileTest : public testing::Test {
 protected:
  std::string Path(const std::string& name) const {
    return folder_ + "/" + name;
  }
  static mode_t ModeOf(const std::string& path) {
    struct stat info {};
    EXPECT_EQ(stat(path.c_str(), &info), 0);
    return info.st_mode & 0777;
  }

  FileSystem& fs_ = PosixFileSystem();
  const Scratch scratch_;
  const std::string& folder_ = scratch_.path();
};

TEST_F(FileTest, OpenCreatesForTheOwnerOnly) {
  ASSERT_TRUE(fs_.Open(Path("a"), /*create=*/true).ok());
  EXPECT_EQ(ModeOf(Path("a")), 0600u);
}

TEST_F(FileTest, OpenOfAnAbsentFileIsNotFoundAndNamesIt) {
  const auto file = fs_.Open(Path("absent"), /*create=*/false);
  EXPECT_EQ(file.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(file.status().message()), HasSubstr("absent"));
}

TEST_F(FileTest, ReadsWhatItWroteAndNoMore) {
  auto file = fs_.Open(Path("a"), /*create=*/true);
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE((*file)->WriteAt(3, Bytes{1, 2, 3}).ok());
  ASSERT_TRUE((*file)->Sync().ok());
  EXPECT_THAT(*(*file)->ReadAt(0, 100), ElementsAre(0, 0, 0, 1, 2, 3));
  EXPECT_THAT(*(*file)->ReadAt(4, 1), ElementsAre(2));
  EXPECT_THAT(*(*file)->ReadAt(6, 1), ElementsAre());
  EXPECT_EQ(*(*file)->Size(), 6u);
}

TEST_F(FileTest, AllocateExtendsAndKeepsContent) {
  auto file = fs_.Open(Path("a"), /*create=*/true);
  ASSERT_TRUE((*file)->WriteAt(0, Bytes{7}).ok());
  ASSERT_TRUE((*file)->Allocate(4096).ok());
  EXPECT_EQ(*(*file)->Size(), 4096u);
  EXPECT_THAT(*(*file)->ReadAt(0, 2), ElementsAre(7, 0));
  ASSERT_TRUE((*file)->Allocate(10).ok());
  EXPECT_EQ(*(*file)->Size(), 4096u);
}

TEST_F(FileTest, AFullDiskIsResourceExhausted) {
  auto full = fs_.Open("/dev/full", /*create=*/false);
  if (!full.ok()) GTEST_SKIP() << "no /dev/full here";
  EXPECT_EQ((*full)->WriteAt(0, Bytes{1}).code(),
            absl::StatusCode::kResourceExhausted);
}

TEST_F(FileTest, ListIsSortedAndHasNamesOnly) {
  for (const char* name : {"b", "a", "c"}) {
    ASSERT_TRUE(fs_.Open(Path(name), /*create=*/true).ok());
  }
  EXPECT_THAT(*fs_.List(folder_), ElementsAre("a", "b", "c"));
  ASSERT_TRUE(fs_.Remove(Path("b")).ok());
  EXPECT_THAT(*fs_.List(folder_), ElementsAre("a", "c"));
  EXPECT_EQ(fs_.Remove(Path("b")).code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(fs_.List(Path("none")).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(FileTest, RenameReplaces) {
  ASSERT_TRUE(ReplaceFile(fs_, Path("a"), Bytes{1}).ok());
  ASSERT_TRUE(ReplaceFile(fs_, Path("b"), Bytes{2}).ok());
  ASSERT_TRUE(fs_.Rename(Path("a"), Path("b")).ok());
  ASSERT_TRUE(fs_.SyncFolder(folder_).ok());
  EXPECT_THAT(*ReadFile(fs_, Path("b"), 10), ElementsAre(1));
  EXPECT_EQ(fs_.Rename(Path("a"), Path("b")).code(),
            absl::StatusCode::kNotFound);
}

// In a folder that others may write to, the name may be taken by a link.
TEST_F(FileTest, ReplaceFileWritesThroughNothingThatWasPlanted) {
  ASSERT_TRUE(ReplaceFile(fs_, Path("theirs"), Bytes{7}).ok());
  ASSERT_EQ(symlink(Path("theirs").c_str(), Path("a.new").c_str()), 0);
  ASSERT_TRUE(ReplaceFile(fs_, Path("a"), Bytes{1}).ok());
  EXPECT_THAT(*ReadFile(fs_, Path("theirs"), 10), ElementsAre(7));
  EXPECT_THAT(*ReadFile(fs_, Path("a"), 10), ElementsAre(1));
  EXPECT_EQ(ModeOf(Path("a")), 0600u);
}

TEST_F(FileTest, CreateTakesNothingThatIsThere) {
  ASSERT_TRUE(fs_.Open(Path("a"), /*create=*/true).ok());
  EXPECT_EQ(fs_.Open(Path("a"), /*create=*/true).status().code(),
            absl::StatusCode::kAlreadyExists);
}

TEST_F(FileTest, ReadFileRefusesMoreThanTheLimit) {
  ASSERT_TRUE(ReplaceFile(fs_, Path("a"), Bytes(11)).ok());
  EXPECT_EQ(ReadFile(fs_, Path("a"), 11)->size(), 11u);
  EXPECT_EQ(ReadFile(fs_, Path("a"), 10).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReadFile(fs_, Path("none"), 10).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(FileTest, MakeFolderIsForTheOwnerOnlyAndLeavesAnOldOneAlone) {
  ASSERT_TRUE(MakeFolder(Path("d")).ok());
  EXPECT_EQ(ModeOf(Path("d")), 0700u);
  ASSERT_EQ(chmod(Path("d").c_str(), 0750), 0);
  ASSERT_TRUE(MakeFolder(Path("d")).ok());
  EXPECT_EQ(ModeOf(Path("d")), 0750u);
  EXPECT_EQ(MakeFolder(Path("none/d")).code(), absl::StatusCode::kNotFound);
}

TEST_F(FileTest, MakeFolderRefusesAFileOfThatName) {
  ASSERT_TRUE(fs_.Open(Path("a"), /*create=*/true).ok());
  EXPECT_EQ(MakeFolder(Path("a")).code(), absl::StatusCode::kAlreadyExists);
}

TEST_F(FileTest, FolderLockExcludesAnotherInTheSameProcess) {
  auto first = FolderLock::Acquire(folder_);
  ASSERT_TRUE(first.ok()) << first.status();
  const auto second = FolderLock::Acquire(folder_);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(second.status().message()), HasSubstr(folder_));
}

TEST_F(FileTest, FolderLockIfThereCreatesNothingAndHeedsAHolder) {
  EXPECT_TRUE(FolderLock::AcquireIfThere(folder_).ok());
  EXPECT_EQ(PosixFileSystem().List(folder_).value().size(), 0u);
  const auto held = FolderLock::Acquire(folder_);
  ASSERT_TRUE(held.ok());
  EXPECT_TRUE(
      absl::IsFailedPrecondition(FolderLock::AcquireIfThere(folder_).status()));
}

TEST_F(FileTest, AFolderThatWasNeverLockedIsHeldWhileItIsLookedAt) {
  std::optional<FolderLock> looks;
  {
    auto lock = FolderLock::AcquireIfThere(folder_);
    ASSERT_TRUE(lock.ok()) << lock.status();
    looks = *std::move(lock);
  }
  EXPECT_EQ(PosixFileSystem().List(folder_).value().size(), 0u);
  EXPECT_TRUE(
      absl::IsFailedPrecondition(FolderLock::AcquireIfThere(folder_).status()));
  EXPECT_TRUE(
      absl::IsFailedPrecondition(FolderLock::Acquire(folder_).status()));
  looks.reset();
  EXPECT_TRUE(FolderLock::Acquire(folder_).ok());
}

TEST_F(FileTest, FolderLockExcludesAnotherProcess) {
  auto lock = FolderLock::Acquire(folder_);
  ASSERT_TRUE(lock.ok());
  const pid_t child = fork();
  if (child == 0) {
    // The inherited descriptor is the parent's lock, not one of the child's.
    _exit(FolderLock::Acquire(folder_).ok() ? 1 : 0);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST_F(FileTest, FolderLockEndsWithItsHolder) {
  const pid_t child = fork();
  if (child == 0) {
    const auto lock = FolderLock::Acquire(folder_);
    _exit(lock.ok() ? 0 : 1);  // No destructor runs, as after a kill.
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
  EXPECT_TRUE(FolderLock::Acquire(folder_).ok());
}

TEST_F(FileTest, FolderLockMovesAndIsGivenUpAtDestruction) {
  std::optional<FolderLock> kept;
  {
    auto lock = FolderLock::Acquire(folder_);
    ASSERT_TRUE(lock.ok());
    kept = *std::move(lock);
  }
  EXPECT_FALSE(FolderLock::Acquire(folder_).ok());
  kept.reset();
  EXPECT_TRUE(FolderLock::Acquire(folder_).ok());
}

TEST_F(FileTest, AssigningAFolderLockGivesUpTheOldOneAtOnce) {
  ASSERT_TRUE(MakeFolder(Path("other")).ok());
  auto first = FolderLock::Acquire(folder_);
  auto second = FolderLock::Acquire(Path("other"));
  ASSERT_TRUE(first.ok() && second.ok());
  *first = *std::move(second);
  EXPECT_TRUE(FolderLock::Acquire(folder_).ok());
  EXPECT_FALSE(FolderLock::Acquire(Path("other")).ok());
}

TEST_F(FileTest, FolderLockOfAnAbsentFolderIsNotFound) {
  EXPECT_EQ(FolderLock::Acquire(Path("none")).status().code(),
            absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace sodality::platform
