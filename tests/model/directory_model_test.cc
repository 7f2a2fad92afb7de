// Random histories, each answer compared with a model in memory. Runs some
// fixed seeds; SODALITY_MODEL_SEED takes another, SODALITY_MODEL_STEPS says how
// long (docs/testing.md).
#include <gtest/gtest.h>

#include "tests/model/history.h"
#include "tests/model/settings.h"

namespace sodality::model {
namespace {

TEST(DirectoryModelTest, EveryAnswerIsTheModels) {
  for (const uint64_t seed : Seeds({1, 2, 3, 4})) {
    History history(seed);
    history.Run(Steps(1000));
    if (HasFailure()) FAIL() << "seed " << seed << history.Tail();
  }
}

}  // namespace
}  // namespace sodality::model
