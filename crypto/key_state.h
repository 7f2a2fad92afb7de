// The life of a key version; docs/key-lifecycle.md draws it. Read next:
// keyring.h.
#ifndef SODALITY_CRYPTO_KEY_STATE_H_
#define SODALITY_CRYPTO_KEY_STATE_H_

#include <array>
#include <cstdint>
#include <string_view>

#include "absl/status/status.h"

namespace sodality::crypto {

enum class KeyState : uint8_t {
  kPrepared = 1,   // Made and durable; opens, does not seal yet.
  kActive = 2,     // Seals and opens. One version of each kind.
  kRetired = 3,    // Opens only.
  kDestroyed = 4,  // The bytes are gone; the number stays taken.
};

inline constexpr std::array kAllKeyStates = {
    KeyState::kPrepared, KeyState::kActive, KeyState::kRetired,
    KeyState::kDestroyed};

struct KeyTransition {
  KeyState from;
  KeyState to;
};

// Every step there is. A prepared version that nothing was sealed under may be
// destroyed at once (an abandoned rotation).
inline constexpr std::array kKeyTransitions = {
    KeyTransition{KeyState::kPrepared, KeyState::kActive},
    KeyTransition{KeyState::kPrepared, KeyState::kDestroyed},
    KeyTransition{KeyState::kActive, KeyState::kRetired},
    KeyTransition{KeyState::kRetired, KeyState::kDestroyed},
};

// "PREPARED", "ACTIVE", "RETIRED", "DESTROYED".
std::string_view KeyStateName(KeyState state);

// FAILED_PRECONDITION naming both states when the step is not in the table.
absl::Status CheckTransition(KeyState from, KeyState to);

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_KEY_STATE_H_
