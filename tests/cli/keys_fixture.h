// Keys of an invented server and rotations of them.
#ifndef SODALITY_TESTS_CLI_KEYS_FIXTURE_H_
#define SODALITY_TESTS_CLI_KEYS_FIXTURE_H_

#include <string>

#include "tests/cli/test_session.h"

namespace sodality::cli {

inline constexpr Time kMade{std::chrono::seconds(kNowMillis / 1000)};

inline KeyRotation Running(uint64_t done) {
  return {.id = kId,
          .kind = "wrap",
          .from = 1,
          .to = 2,
          .phase = "sweeping",
          .done = done,
          .total = 539,
          .per_second = 200,
          .left = std::chrono::seconds(125),
          .started = kMade,
          .work = "rewrap"};
}

inline KeyRotation Working(const std::string& work, const std::string& kind) {
  KeyRotation rotation = Running(120);
  rotation.work = work;
  rotation.kind = kind;
  return rotation;
}

inline KeyList Keys() {
  return {.keys = {{"page", 1, "ACTIVE", kMade, {}},
                   {"wrap", 1, "RETIRED", kMade, 419},
                   {"wrap", 2, "ACTIVE", kMade, 120}}};
}

}  // namespace sodality::cli

#endif  // SODALITY_TESTS_CLI_KEYS_FIXTURE_H_
