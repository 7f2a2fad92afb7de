// A folder of a test's own, removed with all that is in it at the end.
#ifndef SODALITY_TESTS_SCRATCH_H_
#define SODALITY_TESTS_SCRATCH_H_

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

namespace sodality {

class Scratch final {
 public:
  // kMemory: for tests that sync thousands of times and are not about power
  // cuts; on disk where there is no /dev/shm.
  enum class On { kDisk, kMemory };

  explicit Scratch(On on = On::kDisk) {
    const bool memory = on == On::kMemory && access("/dev/shm", W_OK) == 0;
    path_ = (memory ? "/dev/shm" : testing::TempDir()) + "/sodality-XXXXXX";
    if (::mkdtemp(path_.data()) == nullptr) std::abort();
  }
  ~Scratch() { std::filesystem::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::string operator/(std::string_view name) const {
    return path_ + "/" + std::string(name);
  }
  const std::string& path() const { return path_; }
  std::string Write(std::string_view name, std::string_view content) const {
    std::ofstream(*this / name, std::ios::binary) << content;
    return *this / name;
  }

 private:
  std::string path_;
};

// What the file at `path` holds; empty when there is none.
inline std::string ReadAll(const std::string& path) {
  std::ostringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return std::move(content).str();
}

}  // namespace sodality

#endif  // SODALITY_TESTS_SCRATCH_H_
