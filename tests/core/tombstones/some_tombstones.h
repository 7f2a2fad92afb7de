// Keyring and entries for tests of tombstones.
#ifndef SODALITY_TESTS_CORE_TOMBSTONES_SOME_TOMBSTONES_H_
#define SODALITY_TESTS_CORE_TOMBSTONES_SOME_TOMBSTONES_H_

#include <utility>
#include <vector>

#include "crypto/keyring.h"
#include "crypto/random.h"
#include "server/core/tombstones/tombstone.h"

namespace sodality::core {

inline crypto::Keyring SomeKeyring(uint8_t chapter = 1) {
  return crypto::Keyring::Create({{chapter}, {1, 8, 6}, {1000}},
                                 crypto::SystemRandom());
}

inline TombstoneEntry At(int64_t time, std::vector<Tombstone> ended) {
  return {{time}, std::move(ended)};
}

}  // namespace sodality::core

#endif  // SODALITY_TESTS_CORE_TOMBSTONES_SOME_TOMBSTONES_H_
