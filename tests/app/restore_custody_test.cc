// Backups that are kept by a passphrase, and by shares: what is asked for
// stands in the backup, for there is no folder yet.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "server/app/custody.h"
#include "server/app/public_state.h"
#include "tests/app/packed_backup.h"

namespace sodality::app {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class RestoreCustodyTest : public SodalitydFixture {
 protected:
  void MakeBackup(const std::vector<std::string>& custody,
                  const RootSource& source) {
    const Ended ended = RunProgram(InitArguments(custody));
    ASSERT_EQ(ended.exit, 0) << ended.err;
    const auto state = LoadPublicState(DataFolder(data_));
    ASSERT_TRUE(state.ok()) << state.status();
    const auto root = ReadRootKey(source, *state);
    ASSERT_TRUE(root.ok()) << root.status();
    scratch_.Write("backup", PackFolder(DataFolder(data_), *root));
  }
  Ended Verify(const std::vector<std::string>& custody) {
    std::vector<std::string> words = {"restore", scratch_ / "backup", "--data",
                                      scratch_ / "restored", "--verify-only"};
    words.insert(words.end(), custody.begin(), custody.end());
    return RunProgram(words);
  }
  std::string NewPrivateFile(const char* name, const char* content) {
    const std::string path = scratch_.Write(name, content);
    fs::permissions(path, fs::perms::owner_read);
    return path;
  }
};

TEST_F(RestoreCustodyTest, APassphrase) {
  const std::string file = NewPrivateFile("p", "correct horse battery\n");
  MakeBackup({"--passphrase-file", file}, {.passphrase_file = file});
  const Ended right = Verify({"--passphrase-file", file});
  EXPECT_EQ(right.exit, 0) << right.err;
  EXPECT_THAT(right.out, HasSubstr("custody         a passphrase\n"));
  EXPECT_EQ(
      Verify({"--passphrase-file", NewPrivateFile("q", "another one\n")}).exit,
      10);
  EXPECT_EQ(Verify({}).exit, 3);  // Nobody can be asked.
}

TEST_F(RestoreCustodyTest, Shares) {
  const std::string folder = scratch_ / "shares";
  const std::vector<std::string> custody = {
      "--shares", "3", "--threshold", "2", "--shares-out", folder};
  ASSERT_EQ(RunProgram(InitArguments(custody)).exit, 0);
  std::vector<std::string> shares;
  for (const auto& entry : fs::directory_iterator(folder)) {
    shares.push_back(entry.path());
  }
  ASSERT_EQ(shares.size(), 3U);
  const auto state = LoadPublicState(DataFolder(data_));
  const auto root =
      ReadRootKey({.share_files = {shares[0], shares[1]}}, *state);
  ASSERT_TRUE(root.ok()) << root.status();
  scratch_.Write("backup", PackFolder(DataFolder(data_), *root));

  const Ended right = Verify({"--share", shares[2], "--share", shares[0]});
  EXPECT_EQ(right.exit, 0) << right.err;
  EXPECT_THAT(right.out, HasSubstr("custody         2 of 3 shares, set "));
  const Ended few = Verify({"--share", shares[1]});
  EXPECT_EQ(few.exit, 10);
  EXPECT_THAT(few.err, HasSubstr("too few shares"));
  EXPECT_EQ(Verify({"--share", shares[1], "--share", shares[1]}).exit, 2);
  const Ended none = Verify({});
  EXPECT_EQ(none.exit, 2);
  EXPECT_THAT(none.err, HasSubstr("give --share FILE for each"));
}

TEST_F(RestoreCustodyTest, SharesOfAnotherChapter) {
  auto words = InitArguments({"--shares", "2", "--threshold", "2",
                              "--shares-out", scratch_ / "shares"});
  words[2] = scratch_ / "other";
  ASSERT_EQ(RunProgram(words).exit, 0);
  fs::remove(scratch_ / "invite");
  ASSERT_EQ(RunProgram(InitArguments({"--shares", "2", "--threshold", "2",
                                      "--shares-out", scratch_ / "ours"}))
                .exit,
            0);
  RootSource source;
  std::vector<std::string> theirs;
  for (const auto& entry : fs::directory_iterator(scratch_ / "ours")) {
    source.share_files.push_back(entry.path());
  }
  for (const auto& entry : fs::directory_iterator(scratch_ / "shares")) {
    theirs.push_back(entry.path());
  }
  const auto state = LoadPublicState(DataFolder(data_));
  const auto root = ReadRootKey(source, *state);
  ASSERT_TRUE(root.ok()) << root.status();
  scratch_.Write("backup", PackFolder(DataFolder(data_), *root));
  const Ended ended = Verify({"--share", theirs[0], "--share", theirs[1]});
  EXPECT_EQ(ended.exit, 10) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("wanted: set "));
}

}  // namespace
}  // namespace sodality::app
