// What error_info.h shows; see call_examples_test.cc.
#include <gtest/gtest.h>

#include <sstream>

#include "client/include/sodality/error_info.h"

namespace {

// example: error_info.h library.md
int Report(const absl::Status& status, std::ostream& err) {
  if (status.ok()) return 0;
  const sodality::ErrorInfo info = sodality::GetErrorInfo(status);
  err << status.message() << '\n';
  if (!info.hint.empty()) err << info.hint << '\n';
  if (!info.retry_at.empty()) {
    err << "not before " << info.retry_at << '\n';
  }
  return static_cast<int>(sodality::ExitCodeOf(status));
}
// end of example

TEST(ErrorExamplesTest, ReportSaysWhatIsThere) {
  std::ostringstream err;
  EXPECT_EQ(Report(absl::OkStatus(), err), 0);
  EXPECT_EQ(err.str(), "");
  EXPECT_EQ(Report(absl::NotFoundError("no such member"), err), 6);
  EXPECT_EQ(err.str(), "no such member\n");
}

TEST(ErrorExamplesTest, ReportSaysWhenAndWhatToDo) {
  std::ostringstream err;
  EXPECT_EQ(Report(sodality::MakeError(absl::StatusCode::kResourceExhausted,
                                       "the budget is used up",
                                       {.reason = "BUDGET_EXHAUSTED",
                                        .hint = "ask an admin",
                                        .field = "",
                                        .retry_at = "2026-05-01T00:00:00Z"}),
                   err),
            11);
  EXPECT_EQ(err.str(),
            "the budget is used up\nask an admin\n"
            "not before 2026-05-01T00:00:00Z\n");
}

}  // namespace
