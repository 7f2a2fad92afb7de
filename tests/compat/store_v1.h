// What the frozen store of schema version 1 holds. Written once by
// make_store_v1; neither this nor the file is ever changed.
#ifndef SODALITY_TESTS_COMPAT_STORE_V1_H_
#define SODALITY_TESTS_COMPAT_STORE_V1_H_

#include <cstdint>
#include <vector>

#include "server/store/member_store.h"

namespace sodality::store::compat {

inline std::vector<uint8_t> StoreV1Key() {
  std::vector<uint8_t> key;
  key.reserve(48);
  for (uint8_t i = 0; i < 48; ++i) key.push_back(static_cast<uint8_t>(200 - i));
  return key;
}

inline IdBytes StoreV1Id(uint8_t first) {
  IdBytes id{};
  for (uint8_t i = 0; i < 16; ++i) id[i] = static_cast<uint8_t>(first + i * 13);
  return id;
}

// Members 0x10, 0x80 and 0xf0; each found by tokens {1, 4, its first byte} and
// {1, 8, 5}. Member 0x80 is at revision 2 and was written under wrap version 2,
// the others under 1.
inline constexpr uint8_t kStoreV1Members[] = {0x10, 0x80, 0xf0};

}  // namespace sodality::store::compat

#endif  // SODALITY_TESTS_COMPAT_STORE_V1_H_
