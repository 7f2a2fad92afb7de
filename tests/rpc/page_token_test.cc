#include "server/rpc/page_token.h"

#include <gtest/gtest.h>

#include "server/core/error.h"

namespace sodality::rpc {
namespace {

TEST(PageTokenTest, ComesBackForTheSameQuestion) {
  for (const uint64_t position : {uint64_t{1}, uint64_t{255}, ~uint64_t{0}}) {
    const auto back = ParsePageToken(FormatPageToken(position, "q"), "q");
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(*back, position);
  }
}

TEST(PageTokenTest, AnEmptyTokenIsTheBeginning) {
  const auto position = ParsePageToken("", "q");
  ASSERT_TRUE(position.ok());
  EXPECT_EQ(*position, 0u);
}

TEST(PageTokenTest, AnotherQuestionIsRefused) {
  const auto position = ParsePageToken(FormatPageToken(7, "q"), "other");
  EXPECT_EQ(position.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(core::GetErrorInfo(position.status()).reason,
            core::Reason::kBadPageToken);
}

TEST(PageTokenTest, AChangedTokenIsRefused) {
  const std::string token = FormatPageToken(7, "q");
  for (size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'a' ? 'b' : 'a';
    EXPECT_FALSE(ParsePageToken(changed, "q").ok()) << i;
  }
  EXPECT_FALSE(ParsePageToken(token + "a", "q").ok());
  EXPECT_FALSE(ParsePageToken("\xff\xfe", "q").ok());
}

}  // namespace
}  // namespace sodality::rpc
