#include "crypto/key_state.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"

namespace sodality::crypto {

std::string_view KeyStateName(KeyState state) {
  switch (state) {
    case KeyState::kPrepared:
      return "PREPARED";
    case KeyState::kActive:
      return "ACTIVE";
    case KeyState::kRetired:
      return "RETIRED";
    case KeyState::kDestroyed:
      return "DESTROYED";
  }
  return "UNKNOWN";
}

absl::Status CheckTransition(KeyState from, KeyState to) {
  const bool allowed =
      std::any_of(kKeyTransitions.begin(), kKeyTransitions.end(),
                  [&](const KeyTransition& transition) {
                    return transition.from == from && transition.to == to;
                  });
  if (allowed) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("a key that is ", std::string(KeyStateName(from)),
                   " cannot become ", std::string(KeyStateName(to))));
}

}  // namespace sodality::crypto
