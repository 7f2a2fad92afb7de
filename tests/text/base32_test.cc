#include "text/base32.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "absl/status/status.h"

namespace sodality::text {
namespace {

using Id = std::array<std::uint8_t, kIdBytes>;

TEST(Base32Test, EncodesKnownIds) {
  EXPECT_EQ(EncodeBase32(Id{}), "aaaaaaaaaaaaaaaaaaaaaaaaaa");
  Id ones;
  ones.fill(0xFF);
  EXPECT_EQ(EncodeBase32(ones), "77777777777777777777777774");
  // RFC 4648, section 10: "foobar" is MZXW6YTBOI.
  EXPECT_EQ(EncodeBase32(Id{'f', 'o', 'o', 'b', 'a', 'r'}).substr(0, 9),
            "mzxw6ytbo");
}

RC_GTEST_PROP(Base32PropertyTest, DecodesWhatItEncodes, ()) {
  const auto bytes = *rc::gen::container<std::vector<std::uint8_t>>(
      kIdBytes, rc::gen::arbitrary<std::uint8_t>());
  Id id{};
  std::copy(bytes.begin(), bytes.end(), id.begin());
  const std::string chars = EncodeBase32(id);
  RC_ASSERT(chars.size() == kIdChars);
  const auto decoded = DecodeBase32(chars);
  RC_ASSERT(decoded.ok());
  RC_ASSERT(*decoded == id);
}

RC_GTEST_PROP(Base32PropertyTest, AcceptsOnlyTheOneSpellingOfAnId, ()) {
  const auto digits = *rc::gen::container<std::string>(
      kIdChars,
      rc::gen::elementOf(std::string("abcdefghijklmnopqrstuvwxyz234567")));
  const auto id = DecodeBase32(digits);
  if (id.ok()) RC_ASSERT(EncodeBase32(*id) == digits);
  RC_ASSERT(id.ok() ==
            (std::string("aeimquy4").find(digits.back()) != std::string::npos));
}

TEST(Base32Test, AcceptsUpperCase) {
  const auto lower = DecodeBase32("k7q2aaaaaaaaaaaaaaaaaaaaay");
  const auto upper = DecodeBase32("K7Q2AAAAAAAAAAAAAAAAAAAAAY");
  ASSERT_TRUE(lower.ok());
  ASSERT_TRUE(upper.ok());
  EXPECT_EQ(*lower, *upper);
}

TEST(Base32Test, RefusesWrongLengthsAndCharacters) {
  for (const char* const chars :
       {"", "a", "aaaaaaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "aaaaaaaaaaaaaaaaaaaaaaaaa=", "aaaaaaaaaaaaaaaaaaaaaaaa0a",
        "aaaaaaaaaaaaaaaaaaaaaaaa1a", "aaaaaaaaaaaaaaaaaaaaaaaa8a",
        "aaaaaaaaaaaa-aaaaaaaaaaaaa", " aaaaaaaaaaaaaaaaaaaaaaaaa",
        "aaaaaaaaaaaaaaaaaaaaaaaa\xC3\xA4"}) {
    EXPECT_EQ(DecodeBase32(chars).status().code(),
              absl::StatusCode::kInvalidArgument)
        << chars;
  }
}

}  // namespace
}  // namespace sodality::text
