#include "server/core/error.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace sodality::core {
namespace {

TEST(ErrorTest, InfoComesBackFromTheStatus) {
  const absl::Status status =
      MakeError(absl::StatusCode::kResourceExhausted, "no more",
                {.reason = Reason::kBudgetExhausted,
                 .hint = "wait",
                 .field = "budget",
                 .retry_at = platform::Timestamp{1'700'000'000'123}});
  const ErrorInfo info = GetErrorInfo(status);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(status.message(), "no more");
  EXPECT_EQ(info.reason, Reason::kBudgetExhausted);
  EXPECT_EQ(info.hint, "wait");
  EXPECT_EQ(info.field, "budget");
  EXPECT_EQ(info.retry_at->millis, 1'700'000'000'123);
}

TEST(ErrorTest, AnyOtherStatusHasNoReason) {
  EXPECT_EQ(GetErrorInfo(absl::OkStatus()).reason, Reason::kNone);
  EXPECT_EQ(GetErrorInfo(absl::DataLossError("x")).reason, Reason::kNone);
}

TEST(ErrorTest, EveryReasonHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(Reason::kKeyInUse); ++i) {
    names.insert(ReasonName(static_cast<Reason>(i)));
  }
  EXPECT_EQ(names.size(), static_cast<size_t>(Reason::kKeyInUse) + 1);
  EXPECT_EQ(ReasonName(Reason::kOutOfScope), "OUT_OF_SCOPE");
  EXPECT_EQ(ReasonName(Reason::kMemberNotFound), "MEMBER_NOT_FOUND");
  EXPECT_EQ(ReasonName(Reason::kStaleRevision), "STALE_REVISION");
}

TEST(ErrorTest, StoreErrorsGetTheirReason) {
  EXPECT_EQ(GetErrorInfo(FromStore(absl::ResourceExhaustedError("x"))).reason,
            Reason::kDiskFull);
  EXPECT_EQ(GetErrorInfo(FromStore(absl::UnavailableError("x"))).reason,
            Reason::kStoreStopped);
  const absl::Status aborted = absl::AbortedError("x");
  EXPECT_EQ(FromStore(aborted), aborted);
  const absl::Status budget =
      MakeError(absl::StatusCode::kResourceExhausted, "no more",
                {.reason = Reason::kBudgetExhausted});
  EXPECT_EQ(FromStore(budget), budget);
}

// A value that got into a name's place is not repeated.
TEST(ErrorTest, OnlyWordsThatFieldsCouldHaveComeBack) {
  EXPECT_EQ(GetErrorInfo(UnknownField("zip_code")).field, "zip_code");
  EXPECT_EQ(GetErrorInfo(InvalidValue("view.fields", "too many")).field,
            "view.fields");
  for (const char* value :
       {"Mia", "mia quill", "mia@example.org", "+1 212", "\xff"}) {
    EXPECT_EQ(GetErrorInfo(UnknownField(value)).field, "") << value;
    EXPECT_EQ(GetErrorInfo(InvalidValue(value, "x")).field, "") << value;
  }
}

}  // namespace
}  // namespace sodality::core
