// A folder whose root key is kept by shares: init, unseal, doctor.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/app/sodalityd_fixture.h"

namespace sodality::app {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;

class SodalitydSharesTest : public SodalitydFixture {
 protected:
  std::vector<std::string> Shared(std::string count = "5",
                                  std::string threshold = "3") const {
    return InitArguments({"--shares", std::move(count), "--threshold",
                          std::move(threshold), "--shares-out", out_});
  }
  void InitShared() {
    const Ended ended = RunProgram(Shared());
    ASSERT_EQ(ended.exit, 0) << ended.err;
  }
  std::string ShareFile(int index) const {
    return out_ + "/share-" + std::to_string(index) + "-of-5.txt";
  }
  Ended Unseal(const std::string& file) const {
    return RunProgram(OnData("unseal", {file}));
  }
  void ExpectUnseal(int index, int exit, const std::string& said) const {
    const Ended ended = Unseal(ShareFile(index));
    EXPECT_EQ(ended.exit, exit) << ended.err;
    EXPECT_THAT(ended.err, HasSubstr(said));
    EXPECT_THAT(ended.out, IsEmpty());
  }
  // The file of a share of another chapter.
  std::string OtherShare() {
    auto words = Shared();
    words[2] = scratch_ / "elsewhere";
    words[10] = scratch_ / "elsewhere-invite";
    words.back() = scratch_ / "elsewhere-shares";
    EXPECT_EQ(RunProgram(words).exit, 0);
    return scratch_ / "elsewhere-shares/share-1-of-5.txt";
  }

  const std::string out_ = scratch_ / "shares";
};

// ---- init

TEST_F(SodalitydSharesTest, InitWritesAFileForEachHolder) {
  const Ended ended = RunProgram(Shared());
  ASSERT_EQ(ended.exit, 0) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("sodality keys shares verify FILE"));
  EXPECT_THAT(ended.err, HasSubstr("3 times, each with another share"));
  struct stat facts {};
  ASSERT_EQ(::stat(out_.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0700u);
  for (int index = 1; index <= 5; ++index) {
    ASSERT_EQ(::stat(ShareFile(index).c_str(), &facts), 0) << index;
    EXPECT_EQ(facts.st_mode & 0777, 0600u);
    EXPECT_THAT(ReadAll(ShareFile(index)),
                testing::StartsWith("# Share " + std::to_string(index) +
                                    " of 5 of the root key of Test Chapter."));
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(out_), {}), 5);
}

TEST_F(SodalitydSharesTest, InitTakesAnEmptyFolderAndNoOther) {
  fs::create_directory(out_);
  scratch_.Write("shares/note", "mine");
  const Ended refused = RunProgram(Shared());
  EXPECT_EQ(refused.exit, 7);
  EXPECT_THAT(refused.err, HasSubstr("shares is there and not empty"));
  EXPECT_FALSE(fs::exists(data_));
  fs::remove(out_ + "/note");
  EXPECT_EQ(RunProgram(Shared()).exit, 0);
}

TEST_F(SodalitydSharesTest, InitThatFailsLeavesNoShare) {
  auto words = Shared();
  words[10] = "/proc/invite";
  EXPECT_EQ(RunProgram(words).exit, 1);
  EXPECT_TRUE(fs::is_empty(scratch_.path()));
  fs::create_directory(out_);
  EXPECT_EQ(RunProgram(words).exit, 1);
  EXPECT_TRUE(fs::is_empty(out_));
  EXPECT_FALSE(fs::exists(data_));
}

TEST_F(SodalitydSharesTest, InitRefusesCountsAndOptionsThatDoNotGoTogether) {
  const std::vector<std::string> wrong[] = {
      Shared("5", "1"),
      Shared("3", "4"),
      Shared("17", "3"),
      Shared("300", "3"),
      Shared("0", "0"),
      Shared("-5", "3"),
      Shared("x", "3"),
      InitArguments({"--shares", "5"}),
      InitArguments({"--shares", "5", "--threshold", "3"}),
      InitArguments({"--threshold", "3", "--root-key", scratch_ / "root.key"}),
      InitArguments({"--shares-out", out_})};
  for (const auto& words : wrong) {
    EXPECT_EQ(RunProgram(words).exit, 2) << words[words.size() - 3];
    EXPECT_TRUE(fs::is_empty(scratch_.path()));
  }
  auto both = Shared();
  both.insert(both.end(), {"--root-key", scratch_ / "root.key"});
  EXPECT_EQ(RunProgram(both).exit, 2);
  EXPECT_TRUE(fs::is_empty(scratch_.path()));
}

// ---- unseal

TEST_F(SodalitydSharesTest, UnsealsByAsManyAsItTakes) {
  InitShared();
  RunningServer server(Serving());
  ASSERT_THAT(server.ReadLine(), HasSubstr("listening"));
  const Ended none = RunProgram(OnData("unseal"));
  EXPECT_EQ(none.exit, 2);
  EXPECT_THAT(none.err, HasSubstr("kept by shares"));
  EXPECT_THAT(none.err, HasSubstr("0 of 3 shares are in"));
  ExpectUnseal(5, 0, "1 of 3 shares\n");
  ExpectUnseal(5, 7, "share 5 is in already");
  ExpectUnseal(2, 0, "2 of 3 shares\n");
  EXPECT_THAT(RunProgram(OnData("unseal")).err,
              HasSubstr("2 of 3 shares are in"));
  ExpectUnseal(3, 0, "unsealed\n");
  ExpectUnseal(4, 0, "already unsealed: the key was not tried\n");
  // Nothing is left of them after sealing.
  ASSERT_EQ(RunProgram(OnData("seal")).exit, 0);
  ASSERT_THAT(server.ReadLine(), HasSubstr("listening"));
  ExpectUnseal(4, 0, "1 of 3 shares\n");
  EXPECT_EQ(server.Stop(SIGTERM), 0);
}

TEST_F(SodalitydSharesTest, UnsealSpeaksJson) {
  InitShared();
  RunningServer server(Serving());
  ASSERT_THAT(server.ReadLine(), HasSubstr("listening"));
  const char* answers[] = {R"({"state":"sealed","shares":1,"threshold":3})",
                           R"({"state":"sealed","shares":2,"threshold":3})",
                           R"({"state":"unsealed"})"};
  for (int index = 1; index <= 3; ++index) {
    const Ended ended =
        RunProgram(OnData("unseal", {ShareFile(index), "--json"}));
    EXPECT_EQ(ended.exit, 0) << ended.err;
    EXPECT_EQ(ended.out, std::string(answers[index - 1]) + "\n");
    EXPECT_THAT(ended.err, IsEmpty());
  }
}

TEST_F(SodalitydSharesTest, WrongSharesAreNamedAndLeaveTheOthers) {
  InitShared();
  const std::string other = OtherShare();
  std::string typo = ReadAll(ShareFile(2));
  typo[200] = typo[200] == '0' ? '1' : '0';
  const std::string broken = scratch_.Write("broken", typo);
  RunningServer server(Serving());
  ASSERT_THAT(server.ReadLine(), HasSubstr("listening"));
  ExpectUnseal(1, 0, "1 of 3 shares\n");
  const Ended elsewhere = Unseal(other);
  EXPECT_EQ(elsewhere.exit, 10);
  EXPECT_THAT(elsewhere.err, HasSubstr("another chapter's"));
  const Ended mistyped = Unseal(broken);
  EXPECT_EQ(mistyped.exit, 2);
  EXPECT_THAT(mistyped.err, HasSubstr(broken + ": the share's checksum"));
  EXPECT_EQ(Unseal(scratch_ / "no").exit, 2);
  const std::string key = OtherKey();
  EXPECT_EQ(RunProgram(OnData("unseal", {"--root-key", key})).exit, 10);
  ExpectUnseal(2, 0, "2 of 3 shares\n");
}

TEST_F(SodalitydSharesTest, SealingASealedServerForgetsThem) {
  InitShared();
  RunningServer server(Serving());
  ASSERT_THAT(server.ReadLine(), HasSubstr("listening"));
  ExpectUnseal(1, 0, "1 of 3 shares\n");
  ExpectUnseal(2, 0, "2 of 3 shares\n");
  EXPECT_EQ(RunProgram(OnData("seal")).exit, 0);
  ExpectUnseal(3, 0, "1 of 3 shares\n");
}

TEST_F(SodalitydSharesTest, AFolderOfAKeyFileTakesNoShare) {
  Init();
  const std::string other = OtherShare();
  RunningServer server(Serving());
  ASSERT_THAT(server.ReadLine(), HasSubstr("listening"));
  const Ended refused = Unseal(other);
  EXPECT_EQ(refused.exit, 10);
  EXPECT_THAT(refused.err, HasSubstr("not kept by shares"));
}

// ---- The other commands that want a root key

TEST_F(SodalitydSharesTest, DoctorAndServeTakeThemAllAtOnce) {
  InitShared();
  std::vector<std::string> words;
  for (const int index : {4, 1, 3}) {
    words.insert(words.end(), {"--share", ShareFile(index)});
  }
  const Ended report = RunProgram(OnData("doctor", words));
  EXPECT_EQ(report.exit, 0) << report.out << report.err;
  EXPECT_THAT(report.out, HasSubstr("custody: 3 of 5 shares, set "));
  EXPECT_THAT(report.out, HasSubstr("keyring: opens"));
  RunningServer server(Serving(words));
  EXPECT_THAT(server.ReadLine(), HasSubstr("listening"));
  EXPECT_THAT(RunProgram(OnData("unseal", {ShareFile(2)})).err,
              HasSubstr("already unsealed"));
}

TEST_F(SodalitydSharesTest, DoctorSaysWhatIsWrongWithThem) {
  InitShared();
  const Ended few = RunProgram(
      OnData("doctor", {"--share", ShareFile(1), "--share", ShareFile(2)}));
  EXPECT_EQ(few.exit, 10);
  EXPECT_THAT(few.err, HasSubstr("too few shares: 2 of 3 shares"));
  const Ended twice = RunProgram(
      OnData("doctor", {"--share", ShareFile(1), "--share", ShareFile(1)}));
  EXPECT_EQ(twice.exit, 2);
  fs::permissions(ShareFile(2), fs::perms::others_read, fs::perm_options::add);
  const Ended open =
      RunProgram(OnData("doctor", {"--share", ShareFile(1), "--share",
                                   ShareFile(2), "--share", ShareFile(3)}));
  EXPECT_EQ(open.exit, 1);
  EXPECT_THAT(open.out, HasSubstr(ShareFile(2) + ": others may open it"));
}

}  // namespace
}  // namespace sodality::app
