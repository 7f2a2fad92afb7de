// What the environment says about seeds and lengths.
#ifndef SODALITY_TESTS_MODEL_SETTINGS_H_
#define SODALITY_TESTS_MODEL_SETTINGS_H_

#include <cstdint>
#include <cstdlib>
#include <vector>

namespace sodality::model {

// SODALITY_MODEL_SEED alone, or those.
inline std::vector<uint64_t> Seeds(std::vector<uint64_t> fixed) {
  const char* const seed = std::getenv("SODALITY_MODEL_SEED");
  if (seed == nullptr) return fixed;
  return {std::strtoull(seed, nullptr, 10)};
}

inline int Steps(int fixed) {
  const char* const steps = std::getenv("SODALITY_MODEL_STEPS");
  return steps == nullptr ? fixed : std::atoi(steps);
}

}  // namespace sodality::model

#endif  // SODALITY_TESTS_MODEL_SETTINGS_H_
