#include "tests/vectors/format_suite.h"

#include <algorithm>
#include <fstream>
#include <functional>

#include "absl/strings/numbers.h"
#include "crypto/secret.h"
#include "tests/crypto/hex.h"

namespace sodality::vectors {
namespace {

using Bytes = std::vector<uint8_t>;

std::vector<std::filesystem::path> FilesOf(const std::string& folder) {
  std::vector<std::filesystem::path> files;
  const auto root = std::filesystem::path(SODALITY_VECTORS) / folder;
  for (const auto& entry : std::filesystem::directory_iterator(root)) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::filesystem::path> GoodFilesOf(const std::string& folder) {
  auto files = FilesOf(folder);
  std::erase_if(files, [](const auto& file) {
    return ReadVector(file).at("expect") != "OK";
  });
  EXPECT_FALSE(files.empty()) << folder;
  return files;
}

Bytes BytesOf(const Format& format, const Vector& vector) {
  const std::string& line = vector.at(format.bytes);
  if (!format.text) return crypto::FromHex(line);
  const auto bytes = crypto::AsBytes(line);
  return {bytes.begin(), bytes.end()};
}

std::string LineOf(const Format& format, const Bytes& bytes) {
  return format.text ? std::string(crypto::AsText(bytes))
                     : crypto::ToHex(bytes);
}

bool IsRefusal(const Format& format, const absl::Status& status) {
  return std::find(format.refusals.begin(), format.refusals.end(),
                   status.code()) != format.refusals.end();
}

// Another value of the same form: a bit of hexadecimal digits, the next number
// or another letter.
std::string Moved(const std::string& value) {
  uint64_t number = 0;
  if (value.size() < 16 && absl::SimpleAtoi(value, &number)) {
    return std::to_string(number + 1);
  }
  std::string moved = value;
  moved.back() = moved.back() == '0' ? '1' : '0';
  return moved;
}

// Runs `change` on the bytes of every good file.
void OnGoodFiles(
    const Format& format,
    const std::function<void(const Bytes& good,
                             const std::function<void(const Bytes&)>& check)>&
        change) {
  for (const auto& file : GoodFilesOf(format.folder)) {
    SCOPED_TRACE(file.filename());
    const Vector vector = ReadVector(file);
    const auto good = format.run(vector);
    ASSERT_TRUE(good.ok()) << good.status();
    change(BytesOf(format, vector), [&](const Bytes& bytes) {
      if (format.affordable != nullptr && !format.affordable(bytes)) return;
      Vector changed = vector;
      changed[format.bytes] = LineOf(format, bytes);
      const auto values = format.run(changed);
      if (!values.ok()) {
        EXPECT_TRUE(IsRefusal(format, values.status())) << values.status();
      } else if (format.authenticated) {
        EXPECT_EQ(*values, *good);
      }
    });
  }
}

}  // namespace

Vector ReadVector(const std::filesystem::path& path) {
  Vector vector;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    const size_t colon = line.find(": ");
    EXPECT_NE(colon, std::string::npos) << path << ": " << line;
    if (colon == std::string::npos) continue;
    vector[line.substr(0, colon)] = line.substr(colon + 2);
  }
  return vector;
}

uint64_t Number(const Vector& vector, const std::string& name) {
  uint64_t value = 0;
  EXPECT_TRUE(absl::SimpleAtoi(vector.at(name), &value)) << name;
  return value;
}

std::string NameOf(const testing::TestParamInfo<Format>& param_info) {
  std::string name = param_info.param.folder;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

TEST_P(FormatTest, EveryFileHasTheOutcomeItNames) {
  for (const auto& path : FilesOf(GetParam().folder)) {
    SCOPED_TRACE(path.filename());
    const Vector vector = ReadVector(path);
    const auto values = GetParam().run(vector);
    EXPECT_EQ(absl::StatusCodeToString(values.status().code()),
              vector.at("expect"))
        << values.status();
    if (vector.contains("names")) {
      EXPECT_NE(std::string(values.status().message()).find(vector.at("names")),
                std::string::npos)
          << values.status();
    }
    for (const auto& [name, value] : values.value_or(Values())) {
      EXPECT_EQ(value, vector.contains(name) ? vector.at(name) : "absent")
          << name;
    }
  }
}

TEST_P(FormatTest, EveryFlippedBitIsRefusedOrChangesNothing) {
  if (GetParam().bytes.empty()) return;
  OnGoodFiles(GetParam(), [](const Bytes& good, const auto& check) {
    for (size_t at = 0; at < good.size(); ++at) {
      SCOPED_TRACE(at);
      for (int bit = 0; bit < 8; ++bit) {
        Bytes flipped = good;
        flipped[at] = static_cast<uint8_t>(flipped[at] ^ (1 << bit));
        check(flipped);
      }
    }
  });
}

TEST_P(FormatTest, EveryTruncationAndAnAppendedByteAreRefusedOrChangeNothing) {
  if (GetParam().bytes.empty()) return;
  OnGoodFiles(GetParam(), [](const Bytes& good, const auto& check) {
    for (size_t size = 0; size < good.size(); ++size) {
      SCOPED_TRACE(size);
      check({good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)});
    }
    for (const int byte : {0x00, 0x0a, 0x80, 0xff}) {
      Bytes longer = good;
      longer.push_back(static_cast<uint8_t>(byte));
      check(longer);
    }
  });
}

TEST_P(FormatTest, ElsewhereItIsRefused) {
  for (const auto& path : GoodFilesOf(GetParam().folder)) {
    for (const std::string& place : GetParam().places) {
      SCOPED_TRACE(path.filename().string() + ": " + place);
      Vector moved = ReadVector(path);
      if (!moved.contains(place)) continue;
      moved[place] = Moved(moved.at(place));
      const auto values = GetParam().run(moved);
      ASSERT_FALSE(values.ok());
      EXPECT_TRUE(IsRefusal(GetParam(), values.status())) << values.status();
    }
  }
}

}  // namespace sodality::vectors
