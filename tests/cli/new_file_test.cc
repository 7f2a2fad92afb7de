#include "client/cli/new_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

namespace sodality::cli {
namespace {

class NewFileTest : public testing::Test {
 protected:
  NewFileTest()
      : path_(testing::TempDir() + "/new_file_" + std::to_string(getpid())) {
    unlink(path_.c_str());
  }
  ~NewFileTest() override { unlink(path_.c_str()); }

  bool Exists() const { return access(path_.c_str(), F_OK) == 0; }

  const std::string path_;
};

TEST_F(NewFileTest, KeptItHoldsTheContentForItsOwnerAlone) {
  {
    auto file = NewFile::Create(path_);
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE(file->Keep("secret").ok());
  }
  std::ifstream in(path_);
  std::ostringstream content;
  content << in.rdbuf();
  EXPECT_EQ(content.str(), "secret");
  struct stat info {};
  ASSERT_EQ(stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(NewFileTest, NotKeptItGoesAwayAgain) {
  {
    const auto file = NewFile::Create(path_);
    ASSERT_TRUE(file.ok());
    EXPECT_TRUE(Exists());
  }
  EXPECT_FALSE(Exists());
}

TEST_F(NewFileTest, AnExistingFileIsNotTouched) {
  std::ofstream(path_) << "mine";
  EXPECT_TRUE(absl::IsAlreadyExists(NewFile::Create(path_).status()));
  std::string word;
  std::ifstream(path_) >> word;
  EXPECT_EQ(word, "mine");
}

TEST_F(NewFileTest, AFolderThatIsNotThereIsSaid) {
  EXPECT_TRUE(absl::IsInvalidArgument(
      NewFile::Create("/nonexistent/folder/file").status()));
}

}  // namespace
}  // namespace sodality::cli
