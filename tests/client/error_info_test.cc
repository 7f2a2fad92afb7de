#include "client/include/sodality/error_info.h"

#include <gtest/gtest.h>

namespace sodality {
namespace {

TEST(ErrorInfoTest, AllPartsComeBack) {
  const absl::Status status =
      MakeError(absl::StatusCode::kAborted, "changed in between",
                {.reason = "STALE_REVISION",
                 .hint = "read it again",
                 .field = "revision",
                 .retry_at = "2026-11-26T18:00:00Z"});
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(status.message(), "changed in between");
  const ErrorInfo info = GetErrorInfo(status);
  EXPECT_EQ(info.reason, "STALE_REVISION");
  EXPECT_EQ(info.hint, "read it again");
  EXPECT_EQ(info.field, "revision");
  EXPECT_EQ(info.retry_at, "2026-11-26T18:00:00Z");
}

TEST(ErrorInfoTest, LineBreaksDoNotShiftTheParts) {
  const absl::Status status = MakeError(
      absl::StatusCode::kInternal, "x",
      {.reason = "A\nB", .hint = "h", .field = "f\n", .retry_at = "r"});
  const ErrorInfo info = GetErrorInfo(status);
  EXPECT_EQ(info.reason, "A B");
  EXPECT_EQ(info.hint, "h");
  EXPECT_EQ(info.field, "f ");
  EXPECT_EQ(info.retry_at, "r");
}

TEST(ErrorInfoTest, PlainStatusHasNone) {
  EXPECT_EQ(GetErrorInfo(absl::InternalError("x")).reason, "");
  EXPECT_EQ(GetErrorInfo(absl::OkStatus()).hint, "");
}

TEST(ErrorInfoTest, OkStaysOk) {
  EXPECT_TRUE(WithErrorInfo(absl::OkStatus(), {.reason = "X"}).ok());
}

struct ExitCase {
  absl::StatusCode code;
  const char* reason;
  ExitCode exit;
};

class ExitCodeTest : public testing::TestWithParam<ExitCase> {};

TEST_P(ExitCodeTest, FollowsCodeAndReason) {
  const ExitCase& given = GetParam();
  EXPECT_EQ(ExitCodeOf(MakeError(given.code, "m", {.reason = given.reason})),
            given.exit);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ExitCodeTest,
    testing::Values(
        ExitCase{absl::StatusCode::kInternal, "", ExitCode::kFailed},
        ExitCase{absl::StatusCode::kDataLoss, "BAD_CHAIN", ExitCode::kFailed},
        ExitCase{absl::StatusCode::kResourceExhausted, "DISK_FULL",
                 ExitCode::kFailed},
        ExitCase{absl::StatusCode::kUnavailable, "STORE_STOPPED",
                 ExitCode::kFailed},
        ExitCase{absl::StatusCode::kInvalidArgument, "UNKNOWN_FIELD",
                 ExitCode::kUsage},
        ExitCase{absl::StatusCode::kFailedPrecondition, "SEVERAL_GRANTS",
                 ExitCode::kUsage},
        ExitCase{absl::StatusCode::kCancelled, "NOT_CONFIRMED",
                 ExitCode::kCancelled},
        ExitCase{absl::StatusCode::kUnauthenticated, "NOT_ENROLLED",
                 ExitCode::kNotEnrolled},
        ExitCase{absl::StatusCode::kPermissionDenied, "INVITE_USED",
                 ExitCode::kNotEnrolled},
        ExitCase{absl::StatusCode::kPermissionDenied, "NO_GRANT",
                 ExitCode::kDenied},
        ExitCase{absl::StatusCode::kNotFound, "MEMBER_NOT_FOUND",
                 ExitCode::kNotFound},
        ExitCase{absl::StatusCode::kAborted, "STALE_REVISION",
                 ExitCode::kConflict},
        ExitCase{absl::StatusCode::kAlreadyExists, "EXTERNAL_ID_TAKEN",
                 ExitCode::kConflict},
        ExitCase{absl::StatusCode::kUnavailable, "", ExitCode::kUnreachable},
        ExitCase{absl::StatusCode::kDeadlineExceeded, "NO_ANSWER",
                 ExitCode::kUnreachable},
        ExitCase{absl::StatusCode::kUnavailable, "SEALED", ExitCode::kSealed},
        ExitCase{absl::StatusCode::kResourceExhausted, "BUDGET_EXHAUSTED",
                 ExitCode::kExhausted},
        ExitCase{absl::StatusCode::kResourceExhausted, "RATE_LIMITED",
                 ExitCode::kExhausted},
        ExitCase{absl::StatusCode::kCancelled, "INTERRUPTED",
                 ExitCode::kInterrupted}));

TEST(ErrorInfoTest, CodesAreNamedAsTheApiNamesThem) {
  EXPECT_EQ(CodeName(absl::StatusCode::kNotFound), "NOT_FOUND");
  EXPECT_EQ(CodeName(absl::StatusCode::kResourceExhausted),
            "RESOURCE_EXHAUSTED");
}

}  // namespace
}  // namespace sodality
