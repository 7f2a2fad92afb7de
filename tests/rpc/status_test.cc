#include "server/rpc/status.h"

#include <gtest/gtest.h>

#include <string>

#include "server/core/error.h"
#include "sodality/v1/errors.pb.h"

namespace sodality::rpc {
namespace {

using core::MakeError;
using core::Reason;

constexpr std::string_view kInner = "page 17 of /var/lib/x is damaged";

v1::ErrorDetail DetailOf(const grpc::Status& status) {
  v1::ErrorDetail detail;
  EXPECT_TRUE(detail.ParseFromString(status.error_details()));
  return detail;
}

absl::Status WithReason(absl::StatusCode code) {
  return MakeError(code, kInner, {.reason = Reason::kBudgetExhausted});
}

TEST(StatusTest, OkIsOk) { EXPECT_TRUE(ToGrpcStatus(absl::OkStatus()).ok()); }

TEST(StatusTest, CarriesReasonHintFieldAndTime) {
  const grpc::Status status = ToGrpcStatus(
      MakeError(absl::StatusCode::kResourceExhausted, "the budget is used up",
                {.reason = Reason::kBudgetExhausted,
                 .hint = "ask an admin",
                 .field = "grant_id",
                 .retry_at = platform::Timestamp{1'764'183'600'000}}));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(status.error_message(), "the budget is used up");
  const v1::ErrorDetail detail = DetailOf(status);
  EXPECT_EQ(detail.reason(), "BUDGET_EXHAUSTED");
  EXPECT_EQ(detail.hint(), "ask an admin");
  EXPECT_EQ(detail.field(), "grant_id");
  EXPECT_EQ(detail.retry_at(), "2025-11-26T19:00:00Z");
}

// Inner failures: even a reason does not let their text out.
TEST(StatusTest, InnerCodesLoseTheirText) {
  for (const absl::StatusCode code :
       {absl::StatusCode::kInternal, absl::StatusCode::kUnknown,
        absl::StatusCode::kDataLoss}) {
    const grpc::Status status = ToGrpcStatus(WithReason(code));
    EXPECT_EQ(static_cast<int>(status.error_code()), static_cast<int>(code));
    EXPECT_EQ(status.error_message().find("page"), std::string::npos);
    EXPECT_EQ(status.error_details(), "");
  }
}

TEST(StatusTest, EveryStatusWithoutReasonLosesItsText) {
  for (int code = 1; code <= 16; ++code) {
    const grpc::Status status = ToGrpcStatus(
        absl::Status(static_cast<absl::StatusCode>(code),
                     absl::string_view(kInner.data(), kInner.size())));
    EXPECT_EQ(static_cast<int>(status.error_code()), code);
    EXPECT_FALSE(status.error_message().empty());
    EXPECT_EQ(status.error_message().find("page"), std::string::npos);
    EXPECT_EQ(status.error_details().find("page"), std::string::npos);
  }
}

// Whatever the store or the ledger could not do, and whoever asked.
TEST(StatusTest, AFullDiskAndAStoppedStoreAreSaid) {
  EXPECT_EQ(
      DetailOf(ToGrpcStatus(absl::ResourceExhaustedError("page 7"))).reason(),
      "DISK_FULL");
  EXPECT_EQ(DetailOf(ToGrpcStatus(absl::UnavailableError("page 7"))).reason(),
            "STORE_STOPPED");
}

// The outside cannot tell a member that is absent from one out of reach.
TEST(StatusTest, MemberNotFoundHasOneForm) {
  const grpc::Status status = ToGrpcStatus(core::MemberNotFound());
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(DetailOf(status).reason(), "MEMBER_NOT_FOUND");
  EXPECT_EQ(DetailOf(status).field(), "");
}

}  // namespace
}  // namespace sodality::rpc
