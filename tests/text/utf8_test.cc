#include "text/utf8.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "tests/text/some_text.h"

namespace sodality::text {
namespace {

TEST(Utf8Test, AcceptsWellFormedText) {
  for (const char* const text :
       {"", "Maria", "Luján", "Дмитрий", "毛泽东", "🌹", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(IsValidUtf8(text)) << text;
  }
}

TEST(Utf8Test, RefusesMalformedText) {
  for (const char* const bytes : {"\x80",       // continuation without a start
                                  "\xC3",       // cut off
                                  "a\xE2\x82",  // cut off
                                  "\xC0\xAF",   // overlong
                                  "\xE0\x80\xAF",      // overlong
                                  "\xED\xA0\x80",      // surrogate
                                  "\xF4\x90\x80\x80",  // beyond U+10FFFF
                                  "\xFF", "\xFE", "Jos\xE9"}) {
    EXPECT_FALSE(IsValidUtf8(bytes));
  }
}

TEST(Utf8Test, FindsControlCharacters) {
  for (const char* const value :
       {"a\tb", "a\nb", "\x1B[2J", "\x7F", "\xC2\x85", "\xE2\x80\xAE",
        "\xE2\x81\xA6", "\xE2\x80\xA8"}) {
    EXPECT_TRUE(HasControlCharacter(value));
  }
  EXPECT_TRUE(HasControlCharacter(std::string_view("\0", 1)));
  EXPECT_FALSE(HasControlCharacter("Zoë 🌹 O’Brien"));
}

TEST(Utf8Test, AllowsLineLayoutOnlyWhereAsked) {
  EXPECT_FALSE(HasControlCharacter("a\tb\nc\r\nd", Lines::kMany));
  EXPECT_TRUE(HasControlCharacter("a\rb", Lines::kMany));
  EXPECT_TRUE(HasControlCharacter("a\x1B[0m", Lines::kMany));
}

TEST(Utf8Test, PrintableReplacesWhatDisturbsATerminal) {
  EXPECT_EQ(Printable("a\x1B[31mb"), "a\xEF\xBF\xBD[31mb");
  EXPECT_EQ(Printable("a\xFF"
                      "b"),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(Printable("a\nb", Lines::kMany), "a\nb");
  EXPECT_EQ(Printable("Luján"), "Luján");
}

RC_GTEST_PROP(Utf8PropertyTest, PrintableIsValidAndFreeOfControls, ()) {
  const std::string printable = Printable(*AnyBytes());
  RC_ASSERT(IsValidUtf8(printable));
  RC_ASSERT(!HasControlCharacter(printable));
}

struct Width {
  const char* text;
  std::size_t columns;
};

class DisplayWidthTest : public testing::TestWithParam<Width> {};

TEST_P(DisplayWidthTest, CountsColumns) {
  EXPECT_EQ(DisplayWidth(GetParam().text), GetParam().columns)
      << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Scripts, DisplayWidthTest,
    testing::Values(Width{"", 0}, Width{"Maria", 5}, Width{"Luján", 5},
                    Width{"Luja\xCC\x81n", 5}, Width{"毛泽东", 6},
                    Width{"김철수", 6}, Width{"ﾔﾏﾀﾞ", 4}, Width{"ヤマダ", 6},
                    Width{"สมชาย", 5}, Width{"ที่", 1}, Width{"नि", 2},
                    Width{"🌹", 2}, Width{"👍🏽", 2}, Width{"🇺🇸", 2},
                    Width{"🇺🇸🇲🇽", 4}, Width{"👩‍👧", 2}, Width{"Ａ", 2},
                    Width{"\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8", 2},
                    Width{"a\xE2\x80\x8B", 1}, Width{"\xFF", 1}));

TEST(Utf8Test, TruncatesAtWholeCharacters) {
  EXPECT_EQ(TruncateToWidth("Maria", 5), "Maria");
  EXPECT_EQ(TruncateToWidth("Maria", 4), "Mar…");
  EXPECT_EQ(TruncateToWidth("毛泽东", 4), "毛…");
  EXPECT_EQ(TruncateToWidth("Luja\xCC\x81n", 5), "Luja\xCC\x81n");
  EXPECT_EQ(TruncateToWidth("Luja\xCC\x81ns", 5), "Luja\xCC\x81…");
  EXPECT_EQ(TruncateToWidth("Maria", 0), "");
}

RC_GTEST_PROP(Utf8PropertyTest, TruncatedTextFits, ()) {
  const std::string text = *AnyText();
  const auto columns = *rc::gen::inRange<std::size_t>(0, 20);
  const std::string cut = TruncateToWidth(text, columns);
  RC_ASSERT(IsValidUtf8(cut));
  RC_ASSERT(DisplayWidth(cut) <= columns);
}

TEST(Utf8Test, CountsCodePoints) {
  EXPECT_EQ(CodePoints("Luján"), 5U);
  EXPECT_EQ(CodePoints("毛🌹"), 2U);
  EXPECT_EQ(CodePoints("\xFFz"), 2U);
}

}  // namespace
}  // namespace sodality::text
