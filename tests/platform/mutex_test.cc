#include "platform/mutex.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>
#include <vector>

namespace sodality::platform {
namespace {

struct Counter {
  Mutex mutex;
  CondVar changed;
  int value SODALITY_GUARDED_BY(mutex) = 0;
};

TEST(MutexTest, ExcludesOtherThreads) {
  Counter counter;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&counter] {
      for (int i = 0; i < 10000; ++i) {
        MutexLock lock(counter.mutex);
        ++counter.value;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  MutexLock lock(counter.mutex);
  EXPECT_EQ(counter.value, 40000);
}

TEST(CondVarTest, WaitGivesUpTheMutexAndHoldsItAgainAfterwards) {
  Counter counter;
  std::thread other([&counter] {
    MutexLock lock(counter.mutex);
    counter.value = 1;
    counter.changed.NotifyOne();
    while (counter.value != 2) counter.changed.Wait(counter.mutex);
    counter.value = 3;
    counter.changed.NotifyAll();
  });
  {
    MutexLock lock(counter.mutex);
    while (counter.value != 1) counter.changed.Wait(counter.mutex);
    counter.value = 2;
    counter.changed.NotifyOne();
    while (counter.value != 3) counter.changed.Wait(counter.mutex);
  }
  other.join();
}

TEST(CondVarTest, WaitForSaysWhenNobodyNotified) {
  Counter counter;
  MutexLock lock(counter.mutex);
  // A spurious wake-up is allowed, one for each of many tries is not.
  bool timed_out = false;
  for (int i = 0; i < 100 && !timed_out; ++i) {
    timed_out =
        !counter.changed.WaitFor(counter.mutex, std::chrono::microseconds(1));
  }
  EXPECT_TRUE(timed_out);
  counter.value = 1;  // Still held: clang's thread safety checks it.
}

TEST(CondVarTest, WaitForReturnsEarlyWhenNotified) {
  Counter counter;
  std::thread other([&counter] {
    MutexLock lock(counter.mutex);
    counter.value = 1;
    counter.changed.NotifyOne();
  });
  {
    MutexLock lock(counter.mutex);
    while (counter.value == 0) {
      ASSERT_TRUE(
          counter.changed.WaitFor(counter.mutex, std::chrono::minutes(5)));
    }
  }
  other.join();
}

}  // namespace
}  // namespace sodality::platform
