#include "server/app/rotation_worker.h"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <thread>
#include <utility>

#include "tests/core/access/rotation_fixture.h"

namespace sodality::app {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

constexpr RotationPace kQuick{.retry = milliseconds(1)};

class RotationWorkerTest : public core::RotationFixture {
 protected:
  void AwaitEnd() {
    while (rotation().Status()->rotation) std::this_thread::yield();
  }
};

TEST_F(RotationWorkerTest, GoesOnWithWhatItFindsAndWithWhatIsBegun) {
  ASSERT_TRUE(Put(Seal(5)).ok());
  ASSERT_TRUE(Start().ok());
  ASSERT_TRUE(Restart().ok());
  const RotationWorker worker(*chapter_, kQuick);
  AwaitEnd();
  ASSERT_TRUE(Start().ok());
  AwaitEnd();
  EXPECT_EQ(Counts().front(), std::pair(3u, uint64_t{5}));
}

TEST_F(RotationWorkerTest, TriesAgainWhatHasFailed) {
  ASSERT_TRUE(Put(Seal(5)).ok());
  keyring_fault_ = KeyringFault::kRefused;
  ASSERT_FALSE(Start().ok());
  const RotationWorker worker(*chapter_, kQuick);
  while (rotation().Status()->rotation->problem.empty()) {
    std::this_thread::yield();
  }
  keyring_fault_ = KeyringFault::kNone;
  AwaitEnd();
  EXPECT_EQ(Counts().front(), std::pair(2u, uint64_t{5}));
}

TEST_F(RotationWorkerTest, EndsAtOnceHoweverLongItWouldRest) {
  ASSERT_TRUE(Put(Seal(2500)).ok());
  ASSERT_TRUE(Start().ok());
  { const RotationWorker idle(*chapter_, {.rest_percent = 1'000'000}); }
  keyring_fault_ = KeyringFault::kRefused;
  { const RotationWorker again(*chapter_, {.retry = hours(1)}); }
  keyring_fault_ = KeyringFault::kNone;
  const RotationWorker last(*chapter_, kQuick);
  AwaitEnd();
  EXPECT_EQ(Counts().front(), std::pair(2u, uint64_t{2500}));
}

}  // namespace
}  // namespace sodality::app
