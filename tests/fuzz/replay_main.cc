// Runs a fuzz target over files and folders of files without libFuzzer:
// fuzz_TARGET PATH... A broken property aborts; the last name printed is the
// input's. Exit 1 when there is nothing to run.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "tests/fuzz/fuzz_input.h"

namespace {

namespace files = std::filesystem;

std::vector<std::string> FilesIn(const files::path& path) {
  std::vector<std::string> found;
  if (!files::is_directory(path)) return {path.string()};
  for (const auto& entry : files::directory_iterator(path)) {
    found.push_back(entry.path().string());
  }
  std::sort(found.begin(), found.end());
  return found;
}

bool Replay(const std::string& path) {
  std::printf("%s\n", path.c_str());
  std::fflush(stdout);
  std::ifstream file(path, std::ios::binary);
  if (!file) return false;
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  // A copy without a terminator behind it, so that reading past the end shows.
  const std::vector<uint8_t> input(bytes.begin(), bytes.end());
  LLVMFuzzerTestOneInput(input.data(), input.size());
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  size_t inputs = 0;
  for (const char* const argument : std::span(argv + 1, argv + argc)) {
    for (const std::string& path : FilesIn(argument)) {
      if (!Replay(path)) return 1;
      ++inputs;
    }
  }
  std::printf("%zu inputs\n", inputs);
  return inputs == 0 ? 1 : 0;
}
