// A folder for one test's database, and a key.
#ifndef SODALITY_TESTS_SQLCIPHER_SCRATCH_H_
#define SODALITY_TESTS_SQLCIPHER_SCRATCH_H_

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace sodality::sqlcipher {

// Removed with all that is in it at the end.
class Scratch {
 public:
  Scratch() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    std::string name = std::string(test->test_suite_name()) + test->name();
    for (char& c : name) c = c == '/' ? '_' : c;
    // The fault loops sync thousands of times; nothing here is about power
    // cuts, so memory will do.
    const std::filesystem::path memory = "/dev/shm";
    const bool in_memory = access(memory.c_str(), W_OK) == 0;
    folder_ = (in_memory ? memory : std::filesystem::path(testing::TempDir())) /
              ("sodality_" + name + "_" + std::to_string(getpid()));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~Scratch() { std::filesystem::remove_all(folder_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  [[nodiscard]] std::string Path(const std::string& name) const {
    return folder_ / name;
  }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
};

// 32 bytes of page key, 16 of salt.
inline std::vector<uint8_t> TestKey() {
  std::vector<uint8_t> key;
  key.reserve(48);
  for (uint8_t i = 0; i < 48; ++i) key.push_back(static_cast<uint8_t>(i * 5));
  return key;
}

}  // namespace sodality::sqlcipher

#endif  // SODALITY_TESTS_SQLCIPHER_SCRATCH_H_
