// Threads at once, a cut, a restart, and again; SODALITY_MODEL_SEED and
// SODALITY_MODEL_STEPS as in directory_model_test.cc.
#include "tests/model/many_threads.h"

#include <gtest/gtest.h>

#include "tests/model/settings.h"

namespace sodality::model {
namespace {

constexpr int kRounds = 6;

TEST(ManyThreadsTest, OneOrderExplainsWhatEverybodySaw) {
  for (const uint64_t seed : Seeds({1, 2, 3})) {
    ManyThreads threads(seed);
    for (int round = 0; round < kRounds; ++round) {
      threads.Round(Steps(60));
      if (HasFailure()) FAIL() << "seed " << seed << ", round " << round;
    }
  }
}

}  // namespace
}  // namespace sodality::model
