#include "client/profile/private_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "tests/client/profile/enrolment.h"

namespace sodality {
namespace {

using absl::StatusCode;

class PrivateFileTest : public testing::Test {
 protected:
  StatusCode Read(const std::string& path, size_t limit = 100) {
    return ReadPrivateFile(path, limit).status().code();
  }

  const Scratch scratch_;
  const std::string& folder_ = scratch_.path();
  const std::string path_ = folder_ + "/key";
};

TEST_F(PrivateFileTest, ReadsUpToTheLimit) {
  WriteAll(path_, std::string(100, 'x'));
  ASSERT_EQ(chmod(path_.c_str(), 0600), 0);
  const auto read = ReadPrivateFile(path_, 100);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->size(), 100U);
  EXPECT_EQ(Read(path_, 99), StatusCode::kInvalidArgument);
  EXPECT_EQ(Read(path_ + "-none"), StatusCode::kNotFound);
}

TEST_F(PrivateFileTest, LinksPipesAndFoldersAreRefused) {
  WriteAll(path_, "x");
  ASSERT_EQ(chmod(path_.c_str(), 0600), 0);
  std::filesystem::create_symlink(path_, folder_ + "/link");
  EXPECT_EQ(Read(folder_ + "/link"), StatusCode::kFailedPrecondition);
  ASSERT_EQ(mkfifo((folder_ + "/pipe").c_str(), 0600), 0);
  EXPECT_EQ(Read(folder_ + "/pipe"), StatusCode::kFailedPrecondition);
  EXPECT_EQ(Read(folder_), StatusCode::kFailedPrecondition);
}

TEST_F(PrivateFileTest, AnotherUsersFileAndFolderAreRefused) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  WriteAll(path_, "x");
  ASSERT_EQ(chmod(path_.c_str(), 0600), 0);
  ASSERT_EQ(chown(path_.c_str(), 1, 1), 0);
  EXPECT_EQ(Read(path_), StatusCode::kFailedPrecondition);
  ASSERT_EQ(chown(folder_.c_str(), 1, 1), 0);
  EXPECT_EQ(CheckPrivateFolder(folder_).code(),
            StatusCode::kFailedPrecondition);
}

TEST_F(PrivateFileTest, FolderMustBeOne) {
  WriteAll(path_, "x");
  EXPECT_EQ(CheckPrivateFolder(path_).code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(CheckPrivateFolder(path_ + "-none").code(), StatusCode::kNotFound);
  EXPECT_TRUE(CheckPrivateFolder(folder_).ok());
}

TEST_F(PrivateFileTest, FoldersAreMadeWithTheirParents) {
  EXPECT_TRUE(MakeFolders(folder_ + "/a/b/c").ok());
  EXPECT_EQ(ModeOf(folder_ + "/a"), 0700U);
  EXPECT_EQ(ModeOf(folder_ + "/a/b/c"), 0700U);
  EXPECT_TRUE(MakeFolders(folder_ + "/a/b/c").ok());
  WriteAll(path_, "x");
  EXPECT_FALSE(MakeFolders(path_ + "/below").ok());
}

TEST_F(PrivateFileTest, ParentOfEveryKindOfPath) {
  EXPECT_EQ(ParentOf("a"), ".");
  EXPECT_EQ(ParentOf("/a"), "/");
  EXPECT_EQ(ParentOf("/a/b"), "/a");
  EXPECT_EQ(ParentOf("a/b"), "a");
}

}  // namespace
}  // namespace sodality
