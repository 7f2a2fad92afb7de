// The key of the tests' databases.
#ifndef SODALITY_TESTS_SQLCIPHER_TEST_KEY_H_
#define SODALITY_TESTS_SQLCIPHER_TEST_KEY_H_

#include <cstdint>
#include <vector>

namespace sodality::sqlcipher {

// 32 bytes of page key, 16 of salt.
inline std::vector<uint8_t> TestKey() {
  std::vector<uint8_t> key;
  key.reserve(48);
  for (uint8_t i = 0; i < 48; ++i) key.push_back(static_cast<uint8_t>(i * 5));
  return key;
}

}  // namespace sodality::sqlcipher

#endif  // SODALITY_TESTS_SQLCIPHER_TEST_KEY_H_
