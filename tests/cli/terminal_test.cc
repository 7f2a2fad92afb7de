#include "client/cli/terminal.h"

#include <gtest/gtest.h>

#include <csignal>

namespace sodality::cli {
namespace {

void Interrupt(bool as_json) {
  EndOnInterrupt(as_json);
  std::raise(SIGINT);
}

TEST(InterruptDeathTest, EndsWith130AndOneLine) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(Interrupt(/*as_json=*/false), testing::ExitedWithCode(130),
              "^sodality: error: interrupted\n$");
  EXPECT_EXIT(Interrupt(/*as_json=*/true), testing::ExitedWithCode(130),
              "\"exit\":130,\"message\":\"interrupted\"");
}

}  // namespace
}  // namespace sodality::cli
