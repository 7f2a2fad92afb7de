#include "crypto/pki/plain_text.h"

#include <gtest/gtest.h>

#include <string>

namespace sodality::pki {
namespace {

TEST(PlainTextTest, AcceptsEveryScript) {
  for (const char* text :
       {"", "Maria Gonz\u00e1lez", "\u9648\u7f8e\u73b2", "\u0639\u0645\u0631",
        "\U0001f33b", "\u00a0", "\uffff", "\U0010ffff", "a~"}) {
    EXPECT_TRUE(IsPlainText(text)) << text;
  }
}

TEST(PlainTextTest, RefusesControlsAndMalformedUtf8) {
  for (const std::string& text :
       {std::string("a\nb"), std::string("a\tb"), std::string("\x1b[2J"),
        std::string("\x7f"), std::string("\xc2\x9b"), std::string(1, '\0'),
        std::string("\x80"), std::string("\xc3"), std::string("\xc3("),
        std::string("\xc0\xaf"), std::string("\xe0\x80\xaf"),
        std::string("\xf0\x80\x80\xaf"), std::string("\xed\xa0\x80"),
        std::string("\xf4\x90\x80\x80"), std::string("\xff"),
        std::string("\xe2\x82")}) {
    EXPECT_FALSE(IsPlainText(text)) << testing::PrintToString(text);
  }
}

}  // namespace
}  // namespace sodality::pki
