#include "platform/scheduling.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <thread>

namespace sodality::platform {
namespace {

// In a thread of its own: the test's others stay as they are.
TEST(SchedulingTest, HoldsForTheThreadAndThoseThatItStarts) {
  const int before = sched_getscheduler(0);
  std::thread([] {
    if (!PreferThroughput()) GTEST_SKIP() << "the kernel refuses";
    EXPECT_EQ(sched_getscheduler(0), SCHED_BATCH);
    std::thread([] { EXPECT_EQ(sched_getscheduler(0), SCHED_BATCH); }).join();
  }).join();
  EXPECT_EQ(sched_getscheduler(0), before);
}

}  // namespace
}  // namespace sodality::platform
