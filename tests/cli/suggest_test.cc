#include "client/cli/suggest.h"

#include <gtest/gtest.h>

#include <vector>

namespace sodality::cli {
namespace {

TEST(SuggestTest, CountsSlips) {
  EXPECT_EQ(EditDistance("", ""), 0u);
  EXPECT_EQ(EditDistance("abc", ""), 3u);
  EXPECT_EQ(EditDistance("find", "find"), 0u);
  EXPECT_EQ(EditDistance("fnid", "find"), 1u);
  EXPECT_EQ(EditDistance("kitten", "sitting"), 3u);
}

TEST(SuggestTest, NearestIsOnlyWhatIsNear) {
  const std::vector<std::string> known = {"find", "show", "status", "ledger"};
  EXPECT_EQ(Nearest("fnd", known), "find");
  EXPECT_EQ(Nearest("shwo", known), "show");
  EXPECT_EQ(Nearest("stat", known), "status");
  EXPECT_EQ(Nearest("xyzzy", known), "");
  EXPECT_EQ(Nearest("", known), "");
  EXPECT_EQ(Nearest(std::string(100, 'a'), known), "");
}

}  // namespace
}  // namespace sodality::cli
