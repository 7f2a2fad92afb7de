#include "crypto/key_state.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>

#include "absl/strings/match.h"

namespace sodality::crypto {
namespace {

TEST(KeyStateTest, AllPairs) {
  using enum KeyState;
  const std::set<std::pair<KeyState, KeyState>> allowed = {
      {kPrepared, kActive},
      {kPrepared, kDestroyed},
      {kActive, kRetired},
      {kRetired, kDestroyed}};
  for (const KeyState from : kAllKeyStates) {
    for (const KeyState to : kAllKeyStates) {
      const absl::Status status = CheckTransition(from, to);
      if (allowed.count({from, to}) > 0) {
        EXPECT_TRUE(status.ok());
        continue;
      }
      EXPECT_TRUE(absl::IsFailedPrecondition(status));
      EXPECT_TRUE(
          absl::StrContains(status.message(), std::string(KeyStateName(from))));
      EXPECT_TRUE(
          absl::StrContains(status.message(), std::string(KeyStateName(to))));
    }
  }
}

TEST(KeyStateTest, NothingLeavesDestroyed) {
  for (const KeyTransition& transition : kKeyTransitions) {
    EXPECT_NE(transition.from, KeyState::kDestroyed);
  }
}

}  // namespace
}  // namespace sodality::crypto
