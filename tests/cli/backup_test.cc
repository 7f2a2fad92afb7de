// sodality backup: what it writes, prints and leaves behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "client/include/sodality/error_info.h"
#include "tests/cli/test_session.h"
#include "tests/scratch.h"

namespace sodality::cli {
namespace {

using testing::_;
using testing::HasSubstr;

class BackupCommandTest : public CliTest {
 protected:
  void Serve(absl::Status end = absl::OkStatus()) {
    EXPECT_CALL(*server_, CreateBackup(_))
        .WillOnce([end](const BackupSink& sink) -> absl::StatusOr<BackupInfo> {
          const BackupInfo info{
              .id = kId,
              .created = Time{std::chrono::seconds(kNowMillis / 1000)},
              .revision = 12,
              .members = 3,
              .entries = 40,
              .bytes = 8};
          for (const char* const part : {"half", "+all"}) {
            if (auto s = sink(info, part); !s.ok()) return s;
            if (!end.ok()) return end;
          }
          return info;
        });
  }
  static std::string ContentOf(const std::string& path) {
    std::ostringstream out;
    out << std::ifstream(path).rdbuf();
    return out.str();
  }
  [[nodiscard]] bool IsThere(const std::string& path) const {
    return std::filesystem::exists(path);
  }

  const Scratch scratch_;
  const std::string path_ = scratch_ / "chapter.backup";
};

TEST_F(BackupCommandTest, WritesTheFileWhole) {
  Serve();
  const auto done = Run({"backup", path_});
  EXPECT_EQ(done.exit, 0) << done.err;
  EXPECT_EQ(ContentOf(path_), "half+all");
  EXPECT_FALSE(IsThere(path_ + ".part"));
  EXPECT_THAT(done.out, HasSubstr(kId));
  EXPECT_THAT(done.out, HasSubstr("members   3"));
  EXPECT_EQ(
      std::filesystem::status(path_).permissions(),
      std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(BackupCommandTest, OverwritesNothing) {
  std::ofstream(path_) << "something else";
  const auto done = Run({"backup", path_});
  EXPECT_EQ(done.exit, 7);
  EXPECT_THAT(done.err, HasSubstr("exists already"));
  EXPECT_EQ(ContentOf(path_), "something else");
}

TEST_F(BackupCommandTest, LeavesNothingOfOneThatWasCutOff) {
  Serve(MakeError(absl::StatusCode::kUnavailable, "the backup was cut off",
                  {.reason = "CUT_OFF"}));
  const auto done = Run({"backup", path_});
  EXPECT_EQ(done.exit, 8);
  EXPECT_FALSE(IsThere(path_));
  EXPECT_FALSE(IsThere(path_ + ".part"));
}

TEST_F(BackupCommandTest, AFileThatCameThereMeanwhileStays) {
  EXPECT_CALL(*server_, CreateBackup(_))
      .WillOnce([&](const BackupSink& sink) -> absl::StatusOr<BackupInfo> {
        std::ofstream(path_) << "somebody else's";
        const BackupInfo info{.id = kId, .bytes = 1};
        EXPECT_TRUE(sink(info, "x").ok());
        return info;
      });
  EXPECT_EQ(Run({"backup", path_}).exit, 7);
  EXPECT_EQ(ContentOf(path_), "somebody else's");
  EXPECT_FALSE(IsThere(path_ + ".part"));
}

TEST_F(BackupCommandTest, AFolderThatIsNotThereIsNamedBeforeTheServerIsAsked) {
  const auto done = Run({"backup", scratch_ / "no/file"});
  EXPECT_EQ(done.exit, 2);
  EXPECT_THAT(done.err, HasSubstr("no/file"));
}

}  // namespace
}  // namespace sodality::cli
