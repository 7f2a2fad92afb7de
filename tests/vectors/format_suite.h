// What every format promises, checked on the files of tests/vectors: each has
// the outcome that it names; one bit changed, cut anywhere or longer it is
// refused or says the same; put elsewhere it is refused. One instantiation a
// format, beside the code that reads it.
#ifndef SODALITY_TESTS_VECTORS_FORMAT_SUITE_H_
#define SODALITY_TESTS_VECTORS_FORMAT_SUITE_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <ostream>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace sodality::vectors {

// The "name: value" lines of a file.
using Vector = std::map<std::string, std::string>;
// What its bytes say, under the names that the file has them by.
using Values = std::map<std::string, std::string>;

Vector ReadVector(const std::filesystem::path& path);
uint64_t Number(const Vector& vector, const std::string& name);

struct Format {
  std::string folder;
  // Reads the bytes with our own code; the first refusal.
  absl::StatusOr<Values> (*run)(const Vector& vector);
  // The line that holds the bytes, in hexadecimal unless `text`.
  std::string bytes = {};
  bool text = false;
  // Lines of what the bytes are bound to.
  std::vector<std::string> places = {};
  // The codes that refuse bytes changed or put elsewhere.
  std::vector<absl::StatusCode> refusals = {
      absl::StatusCode::kDataLoss, absl::StatusCode::kFailedPrecondition};
  // Whether every byte is authenticated. Where none is, changed bytes may say
  // something else, but are refused, if at all, in the codes above.
  bool authenticated = true;
  // Whether changed bytes are worth a try: some ask for a costly Argon2id.
  bool (*affordable)(std::span<const uint8_t> bytes) = nullptr;
};

inline void PrintTo(const Format& format, std::ostream* out) {
  *out << format.folder;
}

// Parameters of the tests in format_suite.cc.
class FormatTest : public testing::TestWithParam<Format> {};

std::string NameOf(const testing::TestParamInfo<Format>& param_info);

}  // namespace sodality::vectors

#endif  // SODALITY_TESTS_VECTORS_FORMAT_SUITE_H_
