#include "server/app/new_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "crypto/secret.h"
#include "tests/scratch.h"

namespace sodality::app {
namespace {

TEST(NewFileTest, WritesForTheOwnerAlone) {
  const Scratch scratch;
  ASSERT_TRUE(WriteNewFile(scratch / "f", crypto::AsBytes("text")).ok());
  EXPECT_EQ(ReadAll(scratch / "f"), "text");
  struct stat facts {};
  ASSERT_EQ(::stat((scratch / "f").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
}

TEST(NewFileTest, LeavesAFileThatIsThereAlone) {
  const Scratch scratch;
  scratch.Write("f", "old");
  EXPECT_EQ(WriteNewFile(scratch / "f", crypto::AsBytes("new")).code(),
            absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(ReadAll(scratch / "f"), "old");
}

// A link that leads nowhere is there too.
TEST(NewFileTest, DoesNotFollowALink) {
  const Scratch scratch;
  std::filesystem::create_symlink(scratch / "target", scratch / "f");
  EXPECT_FALSE(WriteNewFile(scratch / "f", crypto::AsBytes("x")).ok());
  EXPECT_FALSE(std::filesystem::exists(scratch / "target"));
}

TEST(NewFileTest, AFolderThatIsMissingIsSaid) {
  const Scratch scratch;
  EXPECT_EQ(WriteNewFile(scratch / "no/f", crypto::AsBytes("x")).code(),
            absl::StatusCode::kUnavailable);
}

TEST(RemovedUnlessKeptTest, RemovesFilesAndFolders) {
  const Scratch scratch;
  scratch.Write("f", "x");
  std::filesystem::create_directories(scratch / "d/e");
  {
    const RemovedUnlessKept file(scratch / "f");
    const RemovedUnlessKept folder(scratch / "d");
  }
  EXPECT_FALSE(std::filesystem::exists(scratch / "f"));
  EXPECT_FALSE(std::filesystem::exists(scratch / "d"));
}

TEST(RemovedUnlessKeptTest, KeepsWhatIsKept) {
  const Scratch scratch;
  scratch.Write("f", "x");
  {
    RemovedUnlessKept file(scratch / "f");
    RemovedUnlessKept moved(std::move(file));
    moved.Keep();
  }
  EXPECT_TRUE(std::filesystem::exists(scratch / "f"));
}

}  // namespace
}  // namespace sodality::app
