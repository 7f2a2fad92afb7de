#include "crypto/padding.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <vector>

namespace sodality::crypto {
namespace {

std::vector<uint8_t> Padded(const std::vector<uint8_t>& content) {
  std::vector<uint8_t> buffer(PaddedSize(content.size()), 0xcc);
  std::copy(content.begin(), content.end(), buffer.begin());
  Pad(buffer, content.size());
  return buffer;
}

TEST(PaddingTest, BucketsStartBelowTheirSize) {
  EXPECT_EQ(PaddedSize(0), 16u);
  EXPECT_EQ(PaddedSize(15), 16u);
  EXPECT_EQ(PaddedSize(16), 32u);
  EXPECT_EQ(PaddedSize(31), 32u);
  EXPECT_EQ(PaddedSize(255), 256u);
  EXPECT_EQ(PaddedSize(256), 512u);
  EXPECT_EQ(PaddedSize(511), 512u);
  EXPECT_EQ(PaddedSize(512), 1024u);
  EXPECT_EQ(PaddedSize(1023), 1024u);
  EXPECT_EQ(PaddedSize(1024), 1536u);
}

TEST(PaddingTest, RefusesWhatPadDoesNotWrite) {
  EXPECT_FALSE(UnpaddedSize({}));
  EXPECT_FALSE(UnpaddedSize(std::vector<uint8_t>(16, 0)));
  std::vector<uint8_t> no_marker(16, 0);
  no_marker[3] = 0x01;
  EXPECT_FALSE(UnpaddedSize(no_marker));
  std::vector<uint8_t> bucket_too_large(32, 0);
  bucket_too_large[3] = 0x80;
  EXPECT_FALSE(UnpaddedSize(bucket_too_large));
  std::vector<uint8_t> no_bucket(17, 0);
  no_bucket[16] = 0x80;
  EXPECT_FALSE(UnpaddedSize(no_bucket));
}

RC_GTEST_PROP(PaddingProperty, UnpadGivesBackEveryContent,
              (std::vector<uint8_t> content)) {
  // Contents that look like padding are the interesting ones.
  const auto tail = *rc::gen::container<std::vector<uint8_t>>(
      rc::gen::element<uint8_t>(0x00, 0x80, 0x01));
  content.insert(content.end(), tail.begin(), tail.end());
  const auto buffer = Padded(content);
  RC_ASSERT(UnpaddedSize(buffer).has_value());
  RC_ASSERT(*UnpaddedSize(buffer) == content.size());
  RC_ASSERT(std::equal(content.begin(), content.end(), buffer.begin()));
}

RC_GTEST_PROP(PaddingProperty, TheBucketIsTheSmallestThatHolds, ()) {
  const size_t size = *rc::gen::inRange<size_t>(0, 1 << 20);
  const size_t padded = PaddedSize(size);
  RC_ASSERT(padded > size);
  const bool bucket =
      padded < 512 ? (padded & (padded - 1)) == 0 : padded % 512 == 0;
  RC_ASSERT(bucket);
  const bool monotonic = size == 0 || PaddedSize(size - 1) <= padded;
  RC_ASSERT(monotonic);
  RC_ASSERT(PaddedSize(padded - 1) == padded);
}

}  // namespace
}  // namespace sodality::crypto
