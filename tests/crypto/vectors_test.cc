// The files of tests/vectors: made by a second implementation of
// docs/formats.md (make_vectors.py), each with the outcome it expects.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "crypto/keyring_codec.h"
#include "crypto/passphrase_box.h"
#include "crypto/record.h"
#include "crypto/root_key.h"
#include "crypto/sealed_blob.h"
#include "crypto/sealed_keyring.h"
#include "crypto/token.h"
#include "tests/crypto/hex.h"

namespace sodality::crypto {
namespace {

// "name: value" lines.
using Vector = std::map<std::string, std::string>;

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

std::vector<std::filesystem::path> VectorFiles(const std::string& folder) {
  std::vector<std::filesystem::path> files;
  const auto root = std::filesystem::path(SODALITY_VECTORS) / folder;
  for (const auto& entry : std::filesystem::directory_iterator(root)) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string CodeOf(const absl::Status& status) {
  return absl::StatusCodeToString(status.code());
}

uint64_t Number(const Vector& vector, const std::string& name) {
  uint64_t value = 0;
  EXPECT_TRUE(absl::SimpleAtoi(vector.at(name), &value)) << name;
  return value;
}

template <class K>
K KeyOf(const Vector& vector, const std::string& name) {
  return K::FromBytes(FromHex(vector.at(name))).value();
}

// Opens everything and returns the first failure.
absl::Status RunRecord(const Vector& vector) {
  const auto bytes = FromHex(vector.at("record"));
  const auto record = SealedRecord::Parse(bytes);
  if (!record.ok()) return record.status();
  const RecordContext context{ArrayFromHex<16>(vector.at("chapter")),
                              ArrayFromHex<16>(vector.at("member")),
                              Number(vector, "revision")};
  const auto reader =
      record->Unwrap(KeyOf<WrapKey>(vector, "wrap-key"), context);
  if (!reader.ok()) return reader.status();
  for (const uint16_t id : reader->field_ids()) {
    const auto value = reader->OpenField(id);
    if (!value.ok()) return value.status();
    EXPECT_EQ(Reveal(*value), vector.at("field-" + std::to_string(id)));
  }
  EXPECT_EQ(record->wrap_key_version(), Number(vector, "wrap-key-version"));
  return absl::OkStatus();
}

absl::Status RunRow(const Vector& vector) {
  const auto key = KeyOf<StateKey>(vector, "state-key");
  const auto version =
      static_cast<uint32_t>(Number(vector, "state-key-version"));
  const RowSealer rows(ArrayFromHex<16>(vector.at("chapter")), {version, key});
  const RowPlace place{static_cast<uint16_t>(Number(vector, "table")),
                       ArrayFromHex<16>(vector.at("row")),
                       Number(vector, "row-version")};
  const auto value = rows.Open(place, FromHex(vector.at("sealed")));
  if (!value.ok()) return value.status();
  EXPECT_EQ(Reveal(*value), vector.at("plaintext"));
  return absl::OkStatus();
}

absl::Status RunBox(const Vector& vector) {
  const auto value = OpenWithPassphrase(FromHex(vector.at("box")),
                                        SecretText(vector.at("passphrase")),
                                        vector.at("purpose"));
  if (!value.ok()) return value.status();
  EXPECT_EQ(Reveal(*value), vector.at("plaintext"));
  return absl::OkStatus();
}

absl::StatusOr<RootKey> RootOf(const Vector& vector) {
  if (vector.count("passphrase") == 0) {
    return DecodeRootKey(SecretText(vector.at("root-key")));
  }
  auto root = RootFromPassphrase(FromHex(vector.at("keyring")),
                                 SecretText(vector.at("passphrase")));
  if (!root.ok()) return root.status();
  return std::move(root->key);
}

absl::Status RunKeyring(const Vector& vector) {
  const auto root = RootOf(vector);
  if (!root.ok()) return root.status();
  const auto keyring = OpenKeyring(FromHex(vector.at("keyring")), *root);
  if (!keyring.ok()) return keyring.status();
  const SecretBuffer plain = KeyringCodec::Encode(*keyring);
  EXPECT_EQ(ToHex(plain.Expose(AllowSecretAccess())), vector.at("plain"));
  return absl::OkStatus();
}

absl::Status RunToken(const Vector& vector) {
  const SlotPlan plan{static_cast<uint16_t>(Number(vector, "slot")),
                      static_cast<uint8_t>(Number(vector, "bits"))};
  const auto deriver = TokenDeriver::Create(
      KeyOf<IndexKey>(vector, "index-key"),
      static_cast<uint16_t>(Number(vector, "version")), std::span(&plan, 1));
  if (!deriver.ok()) return deriver.status();
  EXPECT_EQ(deriver->Derive(plan.slot, vector.at("value"))->bits,
            Number(vector, "token"));
  return absl::OkStatus();
}

struct Format {
  std::string folder;
  absl::Status (*run)(const Vector&);
};

class VectorsTest : public testing::TestWithParam<Format> {};

TEST_P(VectorsTest, EveryFileHasTheOutcomeItNames) {
  int files = 0;
  for (const auto& path : VectorFiles(GetParam().folder)) {
    SCOPED_TRACE(path.filename());
    const Vector vector = ReadVector(path);
    EXPECT_EQ(CodeOf(GetParam().run(vector)), vector.at("expect"));
    ++files;
  }
  EXPECT_GT(files, 0);
}

INSTANTIATE_TEST_SUITE_P(Formats, VectorsTest,
                         testing::Values(Format{"record", RunRecord},
                                         Format{"row", RunRow},
                                         Format{"keyring", RunKeyring},
                                         Format{"passphrase-box", RunBox},
                                         Format{"token", RunToken}),
                         [](const auto& param_info) {
                           std::string name = param_info.param.folder;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace sodality::crypto
