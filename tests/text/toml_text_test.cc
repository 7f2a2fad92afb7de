#include "text/toml_text.h"

#include <gtest/gtest.h>

namespace sodality::text {
namespace {

TEST(TomlTextTest, QuotesAndCommentsMayHoldAnything) {
  for (const char* const toml :
       {"", "name = \"Żółw\"", "name = 'Żółw' # żółw\n", "# żółw\nid = 1",
        "a = \"\\\"ż\"", "a = 'x'\n\"ż\" = 2", "a = \"#\" # ż"}) {
    EXPECT_EQ(LineBeyondAscii(toml), std::nullopt) << toml;
  }
}

TEST(TomlTextTest, NamesTheFirstLineWithABareCharacter) {
  EXPECT_EQ(LineBeyondAscii("ż = 1"), 1u);
  EXPECT_EQ(LineBeyondAscii("a = 1\nb = ż"), 2u);
  EXPECT_EQ(LineBeyondAscii("a = 'x'ż"), 1u);
  EXPECT_EQ(LineBeyondAscii("a = \"x\nż\""), 2u);
  EXPECT_EQ(LineBeyondAscii("a = \"\\\\\"ż"), 1u);
  EXPECT_EQ(LineBeyondAscii("\xff"), 1u);
}

}  // namespace
}  // namespace sodality::text
