#include "server/app/held_signals.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>

namespace sodality::app {
namespace {

TEST(HeldSignalsTest, OneThatComesWaitsUntilItIsAskedFor) {
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    EXPECT_EXIT(
        {
          const HeldSignals held;
          const bool before = held.any();
          ::raise(signal);
          std::_Exit(!before && held.any() ? 0 : 1);
        },
        testing::ExitedWithCode(0), "");
  }
}

// As nohup asks for.
TEST(HeldSignalsTest, OneThatIsIgnoredStaysSo) {
  EXPECT_EXIT(
      {
        std::signal(SIGHUP, SIG_IGN);
        const HeldSignals held;
        ::raise(SIGHUP);
        std::_Exit(held.any() ? 1 : 0);
      },
      testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace sodality::app
