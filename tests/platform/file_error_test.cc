#include "platform/file_error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "platform/file.h"

namespace sodality::platform {
namespace {

TEST(FileErrorTest, SaysWhatWhereAndWhyAndKeepsTheErrno) {
  const absl::Status status = FileError(EACCES, "open", "/a/b");
  EXPECT_EQ(status.message(), "cannot open /a/b: Permission denied");
  EXPECT_TRUE(absl::IsPermissionDenied(status));
  EXPECT_EQ(ErrnoOf(status), EACCES);
}

TEST(FileErrorTest, AStatusOfSomethingElseHasNone) {
  EXPECT_EQ(ErrnoOf(absl::PermissionDeniedError("the key is wrong")), 0);
  EXPECT_EQ(ErrnoOf(absl::OkStatus()), 0);
}

TEST(FileErrorTest, TheFileSystemSaysIt) {
  const auto bytes = ReadFile(PosixFileSystem(), "/none/here", 10);
  EXPECT_EQ(ErrnoOf(bytes.status()), ENOENT);
}

TEST(FileErrorTest, ThePathIsNoFaultOfTheMachine) {
  for (const int error : {ENOENT, EACCES, EISDIR, ENOTDIR, ELOOP, 0}) {
    EXPECT_FALSE(IsFaultOfMachine(error)) << error;
  }
  for (const int error : {EIO, EMFILE, ENFILE, ENOSPC}) {
    EXPECT_TRUE(IsFaultOfMachine(error)) << error;
  }
}

}  // namespace
}  // namespace sodality::platform
