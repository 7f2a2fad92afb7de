#include "client/cli/progress.h"

#include <gtest/gtest.h>

#include "tests/cli/test_session.h"

namespace sodality::cli {
namespace {

using std::chrono::milliseconds;

TEST(ProgressTest, ShowsShareAndRate) {
  EXPECT_EQ(RenderProgress({250, 500, milliseconds(500)}),
            "[############............] 250/500 rows, 500/s");
  EXPECT_EQ(RenderProgress({500, 500, milliseconds(1000)}),
            "[########################] 500/500 rows, 500/s");
  EXPECT_EQ(RenderProgress({.done = 500,
                            .total = 1000,
                            .elapsed = milliseconds(1000),
                            .before = 400,
                            .unit = "records"}),
            "[############............] 500/1000 records, 100/s");
  EXPECT_EQ(RenderProgress({0, 0, milliseconds(0)}),
            "[........................] 0/0 rows, 0/s");
}

}  // namespace
}  // namespace sodality::cli
