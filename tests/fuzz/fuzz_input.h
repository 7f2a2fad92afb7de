// What a fuzz target makes of the bytes it is given. A target is one function,
// LLVMFuzzerTestOneInput; libFuzzer calls it, or replay_main.cc with what lies
// in corpus/. docs/adr/0015-fuzzing.md.
#ifndef SODALITY_TESTS_FUZZ_FUZZ_INPUT_H_
#define SODALITY_TESTS_FUZZ_FUZZ_INPUT_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace sodality::fuzz {

// A property that holds for every input.
inline void Require(bool holds, std::string_view property) {
  if (holds) return;
  std::fprintf(stderr, "broken property: %.*s\n",
               static_cast<int>(property.size()), property.data());
  std::abort();
}

// An error of one of the codes that the function documents, whose text is
// printable and too short to carry input along.
inline void RequireRefusal(const absl::Status& status,
                           std::initializer_list<absl::StatusCode> codes) {
  Require(std::find(codes.begin(), codes.end(), status.code()) != codes.end(),
          "a refusal has a documented code");
  Require(status.message().size() < 200, "an error text is short");
  for (const char c : status.message()) {
    Require(c >= ' ' && c <= '~', "an error text is printable ASCII");
  }
}

// Reads from the front; once there is nothing left, zeros and nothing.
class FuzzInput final {
 public:
  FuzzInput(const uint8_t* data, size_t size) : left_(data, size) {}

  bool empty() const { return left_.empty(); }
  uint8_t Byte() {
    const auto taken = Take(1);
    return taken.empty() ? uint8_t{0} : taken[0];
  }
  size_t Index(size_t bound) {
    const size_t low = Byte();
    const size_t value = low | size_t{Byte()} << 8;
    return bound == 0 ? 0 : value % bound;
  }
  // A byte of length, and so many bytes.
  std::span<const uint8_t> Sized() { return Take(Byte()); }
  std::span<const uint8_t> Rest() { return Take(left_.size()); }

 private:
  std::span<const uint8_t> Take(size_t size) {
    const auto taken = left_.first(std::min(size, left_.size()));
    left_ = left_.subspan(taken.size());
    return taken;
  }

  std::span<const uint8_t> left_;
};

// `valid` with the changes that the rest of `input` asks for: what random bytes
// would never become. Three bytes a change.
inline std::vector<uint8_t> Changed(std::vector<uint8_t> valid,
                                    FuzzInput& input) {
  while (!input.empty()) {
    const size_t at = input.Index(valid.size() + 1);
    const uint8_t what = input.Byte();
    if (what == 0) {
      valid.resize(at);
    } else if (at == valid.size()) {
      valid.push_back(what);
    } else {
      valid[at] ^= what;
    }
  }
  return valid;
}

}  // namespace sodality::fuzz

#endif  // SODALITY_TESTS_FUZZ_FUZZ_INPUT_H_
