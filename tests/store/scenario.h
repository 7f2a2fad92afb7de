// A run of writes that may be cut short anywhere, and what must hold after.
#ifndef SODALITY_TESTS_STORE_SCENARIO_H_
#define SODALITY_TESTS_STORE_SCENARIO_H_

#include <cstdint>
#include <functional>
#include <set>

#include "server/store/member_store.h"
#include "server/store/sqlcipher/sqlcipher_store.h"

namespace sodality::store {

inline constexpr uint32_t kScenarioWrites = 15;

// Write n makes member n, which is found by tokens n and 7; every fifth also
// erases the member before it. In threes, each three queued at once; a
// checkpoint behind the second. `acknowledged` hears of each write's success,
// on the writer's thread.
void RunScenario(SqlcipherStore& store,
                 const std::function<void(uint32_t)>& acknowledged);

// After a reopening: what was acknowledged is there, whole; what was not is
// there whole or not at all; nothing else; revisions have no gap; every page
// and the index are sound.
void ExpectSound(SqlcipherStore& store, const std::set<uint32_t>& acknowledged);

}  // namespace sodality::store

#endif  // SODALITY_TESTS_STORE_SCENARIO_H_
