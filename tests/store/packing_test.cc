// The integers of docs/formats-directory.md section 6 on the files of
// tests/vectors, which a second implementation of that page made.
#include "server/store/sqlcipher/packing.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "tests/crypto/hex.h"
#include "tests/vectors/format_suite.h"

namespace sodality::store {
namespace {

using vectors::Format;
using vectors::FormatTest;
using vectors::NameOf;
using vectors::Values;
using vectors::Vector;

// "version/slot/bits", parted by spaces.
std::vector<IndexToken> TokensOf(const Vector& vector) {
  std::istringstream in(vector.at("tokens"));
  std::vector<IndexToken> tokens;
  char slash = 0;
  for (IndexToken token; in >> token.index_version >> slash >> token.slot >>
                         slash >> token.bits;) {
    tokens.push_back(token);
  }
  return tokens;
}

absl::StatusOr<Values> RunPacking(const Vector& vector) {
  const auto keys = DecodeTokenKeys(crypto::FromHex(vector.at("packed")));
  if (!keys.ok()) return keys.status();
  EXPECT_EQ(EncodeTokenKeys(*keys), crypto::FromHex(vector.at("packed")));
  const MemberId member{crypto::ArrayFromHex<16>(vector.at("member"))};
  return Values{
      {"packed", crypto::ToHex(EncodeTokenKeys(PackTokens(TokensOf(vector))))},
      {"row-key", std::to_string(RowKey(member))}};
}

INSTANTIATE_TEST_SUITE_P(Store, FormatTest,
                         testing::Values(Format{.folder = "packing",
                                                .run = RunPacking}),
                         NameOf);

}  // namespace
}  // namespace sodality::store
