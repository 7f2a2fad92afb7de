#include "client/cli/named_file.h"

#include <gtest/gtest.h>

#include <cerrno>

#include "client/include/sodality/error_info.h"

namespace sodality::cli {
namespace {

TEST(NamedFileTest, WhatTheLineCanMendIsMisuse) {
  for (const int error : {0, ENOENT, EACCES, EISDIR}) {
    EXPECT_EQ(ExitCodeOf(CannotRead("roster.csv", error)), ExitCode::kUsage);
    EXPECT_EQ(GetErrorInfo(CannotRead("roster.csv", error)).reason, "NO_FILE");
  }
  EXPECT_EQ(ExitCodeOf(CannotCreate("a.invite", ENOENT)), ExitCode::kUsage);
}

TEST(NamedFileTest, AFailingMachineIsNoMisuse) {
  for (const absl::Status& status :
       {CannotRead("roster.csv", EIO), CannotCreate("roster.csv", EIO)}) {
    EXPECT_EQ(ExitCodeOf(status), ExitCode::kFailed);
    EXPECT_EQ(GetErrorInfo(status).reason, "MACHINE_FAILED");
  }
  EXPECT_EQ(CannotRead("roster.csv", EMFILE).message(),
            "cannot read roster.csv: Too many open files");
  EXPECT_EQ(GetErrorInfo(CannotRead("roster.csv", EMFILE)).hint,
            "is the disk failing or full, or a limit reached?");
}

}  // namespace
}  // namespace sodality::cli
